import type { Linux } from '../linux.ts'

/** `6334.22 11912.86`: seconds since boot (in the reader's time namespace), and idle. Source: fs/proc/uptime.c. */
export const parseUptime = (text: string): number => Number.parseFloat(text)

export const readUptimeSeconds = (linux: Linux) => parseUptime(linux.peek('/proc/uptime').toString('latin1'))
