import { constants } from 'node:fs'

/** Of open(2), by the number of the machine's own architecture where these differ. Source: include/uapi/asm-generic/fcntl.h. */
const bits: [string, number][] = [
  ['O_APPEND', constants.O_APPEND],
  ['O_NONBLOCK', constants.O_NONBLOCK],
  ['O_ASYNC', 0o20000],
  ['O_DIRECT', constants.O_DIRECT],
  ['O_DIRECTORY', constants.O_DIRECTORY],
  ['O_NOFOLLOW', constants.O_NOFOLLOW],
  ['O_NOATIME', constants.O_NOATIME],
  ['O_CLOEXEC', 0o2000000],
  ['O_PATH', 0o10000000],
]

/** __O_SYNC, of which O_SYNC is made together with O_DSYNC. */
const fileSync = 0o4000000

/** `['O_RDWR', 'O_NONBLOCK', 'O_CLOEXEC']` */
export function openFlagNames(flags: number): string[] {
  const access = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'][flags & 3]!
  const sync = flags & fileSync ? ['O_SYNC'] : flags & constants.O_DSYNC ? ['O_DSYNC'] : []
  return [access, ...bits.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name), ...sync]
}
