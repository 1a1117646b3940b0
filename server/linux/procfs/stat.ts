import type { Linux } from '../linux.ts'

/** `btime 1795363062`: when the system booted, in seconds since 1970; undefined without that line. Source: fs/proc/stat.c. */
export function parseBootTime(text: string): number | undefined {
  const at = text.indexOf('\nbtime ')
  return at < 0 ? undefined : Number.parseInt(text.slice(at + 7, at + 27), 10)
}

export const readBootTimeSeconds = (linux: Linux) => parseBootTime(linux.read('/proc/stat').toString('latin1'))

/** CPUs that are online on the node: a line `cpu0 …` each. */
export const parseCpuCount = (text: string): number => text.match(/^cpu\d+ /gm)?.length ?? 0

export const readCpuCount = (linux: Linux) => parseCpuCount(linux.read('/proc/stat').toString('latin1'))
