import type { Registry, Tool } from '../../core/tool.ts'
import { Problem } from '../problem.ts'

/** The tool of that name. An applet's word isn't one: its flags are a command line's. */
export async function findTool(registry: Registry, name: string): Promise<Tool> {
  const entry = registry.find(entry => entry.name === name)
  if (entry) return entry.load()
  const meant = registry.find(({ applets }) => applets.includes(name))
  throw new Problem('not_found', `there is no tool '${name}'`, {
    remedy: meant ? `${name} is ${meant.name} here: /api/v1/tools/${meant.name}` : 'GET /api/v1/tools lists them',
  })
}
