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

/** What a CPU did since boot, in ticks. Guests' time is within `user` and `nice`. */
export interface CpuTimes {
  user: number
  nice: number
  system: number
  idle: number
  iowait: number
  irq: number
  softirq: number
  /** The hypervisor gave it to another machine. */
  steal: number
}

/** `cpu  81023 2309 50050 143285 796 0 657 273 0 0`, and a line for each CPU that is online, by its number. Source: show_stat(), fs/proc/stat.c. */
export function parseCpuTimes(text: string): { all: CpuTimes; cpus: Map<number, CpuTimes> } {
  const cpus = new Map<number, CpuTimes>()
  let all: CpuTimes | undefined
  for (const [, number = '', times = ''] of text.matchAll(/^cpu(\d*) +(.*)$/gm)) {
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = times
      .split(' ')
      .map(Number)
    const split = { user, nice, system, idle, iowait, irq, softirq, steal }
    if (number === '') all = split
    else cpus.set(Number(number), split)
  }
  return { all: all ?? { user: 0, nice: 0, system: 0, idle: 0, iowait: 0, irq: 0, softirq: 0, steal: 0 }, cpus }
}

/** The rest of the file, the counts of interrupts, may be longer than a piece that is read at once: CPUs come first. */
export const readCpuTimes = (linux: Linux) => parseCpuTimes(linux.peek('/proc/stat').toString('latin1'))
