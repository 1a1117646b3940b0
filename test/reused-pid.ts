import type { Linux } from '../server/linux/linux.ts'

/** The same tree, in which the pid belongs to a later process once `path` was read so many times. */
export function withReusedPid(linux: Linux, pid: number, path: string, times: number): Linux {
  let reads = 0
  const count = (read: string) => {
    if (read === path) reads++
  }
  return {
    ...linux,
    read(at) {
      count(at)
      return linux.read(at)
    },
    peek(at, limit) {
      const isReused = reads >= times
      count(at)
      const bytes = linux.peek(at, limit)
      return at === `/proc/${pid}/stat` && isReused ? startedLater(bytes) : bytes
    },
  }
}

/** starttime is the twentieth field behind the comm: proc_pid_stat(5). */
function startedLater(stat: Buffer): Buffer {
  const comm = stat.lastIndexOf(')') + 2
  const fields = stat.toString('latin1', comm).split(' ')
  fields[19] = String(Number(fields[19]) + 1)
  return Buffer.concat([stat.subarray(0, comm), Buffer.from(fields.join(' '), 'latin1')])
}
