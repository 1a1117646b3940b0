import type { Linux } from '../linux.ts'

export interface LoadAverage {
  /** Tasks that run or wait in the kernel, averaged over 1, 5 and 15 minutes: of the whole node, in every container. */
  averages: [number, number, number]
  runnableTasks: number
  /** All threads of the node. */
  tasks: number
}

/** `2.46 2.74 2.38 2/153 29241`; undefined when it is something else. Source: fs/proc/loadavg.c. */
export function parseLoadavg(text: string): LoadAverage | undefined {
  const match = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) (\d+)\/(\d+) /.exec(text)
  if (!match) return undefined
  const [one = 0, five = 0, fifteen = 0, runnableTasks = 0, tasks = 0] = match.slice(1).map(Number)
  return { averages: [one, five, fifteen], runnableTasks, tasks }
}

export const readLoadavg = (linux: Linux) => parseLoadavg(linux.peek('/proc/loadavg').toString('latin1'))
