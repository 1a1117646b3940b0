import type { Chunk } from '../../core/tool.ts'
import type { Note } from './schema.ts'

/** Beside the answer, where they disturb no script. */
export const noteLines = (notes: readonly Note[]): Chunk[] =>
  notes.map(({ what, why, remedy }) => ({ stderr: `${what}: ${why}${remedy ? `; ${remedy}` : ''}\n` }))
