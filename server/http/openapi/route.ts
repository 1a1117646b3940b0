import type { Router } from 'express'
import type { Api } from '../api.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import type { RouteGroup } from '../route-group.ts'

/** `GET /openapi.json`, made when first asked for: that takes every tool's schemas, which nothing else needs at start. */
export function addOpenapiRoute(router: Router, api: Api, groups: readonly RouteGroup[]): void {
  let document: Promise<object> | undefined
  const wrong = methodNotAllowed('GET', 'HEAD')
  router
    .route('/openapi.json')
    .get(async (_request, response) => {
      document ??= makeDocument(api, groups)
      try {
        response.json(await document)
      } catch (error) {
        // The next one who asks tries again.
        document = undefined
        throw error
      }
    })
    .all(wrong)
}

async function makeDocument(api: Api, groups: readonly RouteGroup[]): Promise<object> {
  const { openapiDocument } = await import('./document.ts')
  return openapiDocument(api, groups)
}
