import type { End } from '../../core/tool.ts'
import type { ReadEvent } from './schema.ts'

/** The exit status of cat, head and tail of coreutils. */
export function exitStatus({ summary, error }: End<ReadEvent>): number | undefined {
  if (summary?.ending === 'stopped') return 130
  if (error) return error.code === 'cancelled' ? undefined : 1
  return summary && (summary.troubles > 0 || summary.ending === 'no files remaining') ? 1 : 0
}
