import { type Libc, pinned } from './libc.ts'

/** CLOCK_REALTIME, the clock of the kernel's packet stamps, in milliseconds since the clock was opened. */
export interface RealtimeClock {
  now(): number
  /** A kernel `struct timespec` on the same scale. Counted from a near start, a double holds it to the nanosecond. */
  at(seconds: number, nanoseconds: number): number
}

export function openRealtimeClock(libc: Libc): RealtimeClock {
  const gettime = libc.func<(clock: number, at: Buffer) => number>('int clock_gettime(int clock, void *at)')
  const stamp = pinned(16)
  const seconds = () => Number(stamp.readBigInt64LE(0))
  gettime(CLOCK_REALTIME, stamp)
  const start = seconds()
  const at = (seconds: number, nanoseconds: number) => (seconds - start) * 1e3 + nanoseconds / 1e6
  return {
    at,
    now() {
      gettime(CLOCK_REALTIME, stamp)
      return at(seconds(), stamp.readUInt32LE(8))
    },
  }
}

const CLOCK_REALTIME = 0
