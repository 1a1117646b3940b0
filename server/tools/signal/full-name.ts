import type { ListedProcess } from '../processes/schema.ts'

/** Bytes of a name that the kernel keeps: TASK_COMM_LEN without its NUL, include/linux/sched.h. */
export const commBytes = 15

/**
 * The command's name beyond those bytes, as killall(1) finds it: in the first words of the command line (the second, where an
 * interpreter runs a script). Undefined where it may be longer, but none of them begins like the kernel's.
 */
export function fullNameOf({ comm, args }: Pick<ListedProcess, 'comm' | 'args'>): string | undefined {
  if (Buffer.byteLength(comm) < commBytes) return comm
  const words = args.split(' ', 2).map(word => word.replace(/^.*\//s, ''))
  return words.find(word => word.startsWith(comm))
}
