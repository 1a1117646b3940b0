import type { Api } from '../api.ts'
import type { PathItem, RouteGroup } from '../route-group.ts'
import { execPath } from './exec-path.ts'
import { sessionPath, toolListPath, unguardedPaths } from './fixed-paths.ts'
import { schemas } from './schemas.ts'
import { toolPath, toolSchemas } from './tool-path.ts'

/** The API in OpenAPI 3.1, from the schemas that check it. */
export async function openapiDocument({ options, authentication }: Api, groups: readonly RouteGroup[]) {
  const tools = await Promise.all(options.registry.map(({ load }) => load()))
  const toolPaths = tools.map((tool): [string, PathItem] => [`/api/v1/tools/${tool.name}`, toolPath(tool)])
  return {
    openapi: '3.1.0',
    info: {
      title: 'ditty',
      version: options.version,
      description: 'A debug toolbox for stripped pods: its tools, its terminals and commands, over HTTP.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { cookie: [] }],
    paths: {
      ...unguardedPaths,
      '/api/v1/session': sessionPath,
      '/api/v1/tools': toolListPath,
      ...Object.fromEntries(toolPaths),
      '/api/v1/exec': execPath,
      ...Object.assign({}, ...groups.map(group => group.paths?.())),
    },
    components: {
      schemas: Object.assign({}, schemas, ...tools.map(toolSchemas)),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: authentication.cookieName,
          description: "For ditty's own page alone: such a request must be same-origin.",
        },
      },
    },
  }
}
