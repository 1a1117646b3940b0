import { ToolError } from '../../core/errors.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { findTarget } from '../../linux/target.ts'
import type { ToolContext } from '../context.ts'

/** The files of the target, or our own without one. The caller closes it. Throws ToolError. */
export async function openTargetRoot({ linux, clock, signal }: ToolContext, target?: string): Promise<FileRoot> {
  if (!linux.openRoot) throw new ToolError('unsupported', 'files are only seen in the running kernel')
  const pid = target === undefined ? 'self' : (await findTarget({ linux, clock, signal }, target)).pid
  return await linux.openRoot(pid, { signal })
}
