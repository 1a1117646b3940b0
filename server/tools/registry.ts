import type { Registry } from '../core/tool.ts'
import type { ToolContext } from './context.ts'

/** Every tool, by the words that lead to it. Each is loaded when it is first asked for. */
export const registry: Registry<ToolContext> = [
  { name: 'fetch', applets: [], load: async () => (await import('./fetch/tool.ts')).fetch },
]
