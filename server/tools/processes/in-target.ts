import { findTarget } from '../../linux/target.ts'
import type { ToolContext } from '../context.ts'
import type { ListedProcess } from './schema.ts'

/** Those of the container that the word means; its zombies show none of their own. */
export async function inTarget(
  processes: ListedProcess[],
  word: string,
  context: ToolContext,
): Promise<ListedProcess[]> {
  const pids = new Set((await findTarget(context, word)).pids)
  return processes.filter(({ pid, ppid, state }) => pids.has(pid) || (state === 'Z' && pids.has(ppid)))
}
