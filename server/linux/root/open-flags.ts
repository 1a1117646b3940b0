import { constants } from 'node:fs'

/** Only a place in the tree, opened for nothing: no device is woken, no right to read is needed. open(2), O_PATH. */
export const O_PATH = 0o10000000

export const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY } = constants
/** For content: a pipe isn't waited for, and a terminal not taken. */
export const readFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
