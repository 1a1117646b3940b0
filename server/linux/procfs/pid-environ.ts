import type { Linux } from '../linux.ts'

/**
 * `NAME=value` words as the program was started with; later setenv() calls don't show. Ptrace-checked.
 * Source: environ_read(), fs/proc/base.c.
 */
export const parsePidEnviron = (bytes: Buffer): string[] => bytes.toString('utf8').split('\0').filter(Boolean)

export const readPidEnviron = (linux: Linux, pid: number) => parsePidEnviron(linux.read(`/proc/${pid}/environ`))
