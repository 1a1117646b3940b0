import { constants } from 'node:os'

/** A stop takes at most this long, in ms, whatever still holds on: people count to two, then press again. */
const hardStopMs = 1900

/**
 * Resolves with 0 at the first signal that ends a server. A second one, or a stop that takes too long, ends the process at
 * once with 128 + the signal's number.
 */
export function untilEnded(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  let asked = false
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const leave = () => process.exit(128 + constants.signals[name])
    process.on(name, () => {
      if (asked) leave()
      asked = true
      setTimeout(leave, hardStopMs).unref()
      resolve(0)
    })
  }
  return promise
}
