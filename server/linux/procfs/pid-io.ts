import type { Linux } from '../linux.ts'

/** What went to and from block devices for a process, its threads and the children it has reaped, in bytes since its start. */
export interface PidIo {
  readBytes: number
  writtenBytes: number
}

/** Lines `read_bytes: 0` and `write_bytes: 40960`. Ptrace-checked. Source: do_io_accounting(), fs/proc/base.c. */
export function parsePidIo(text: string): PidIo {
  const of = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1])
  return { readBytes: of('read_bytes'), writtenBytes: of('write_bytes') }
}

export const readPidIo = (linux: Linux, pid: number) => parsePidIo(linux.peek(`/proc/${pid}/io`).toString('latin1'))
