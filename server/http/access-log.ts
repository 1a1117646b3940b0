import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'

/** A path longer than any of ours is noise; this much shows whose. */
const maxPathLength = 512
/** Whoever reads the log may be stuck; a stop doesn't wait longer for it. */
const flushMs = 300

export interface Answered {
  method: string | undefined
  /** Without its query. */
  path: string
  status: number
  remoteAddress: string | undefined
  durationMs: number
  /** Whether the client was gone before all of the answer was. */
  hungUp: boolean
}

/** JSON lines, one an answer: when, what, from where, how it ended. Never a query, a header or a body: these hold secrets. */
export interface AccessLog {
  note(answered: Answered): void
  /** Resolves when nothing is left in memory, or the log has failed or is stuck. */
  flush(): Promise<void>
}

/** Writes to `descriptor`. After the first failure, of which `onError` is told, nothing more is written. */
export function openAccessLog(descriptor: number, onError: (error: Error) => void): AccessLog {
  const destination = pino.destination({ dest: descriptor, sync: false })
  let failed = false
  let pending = false
  destination.on('drain', () => {
    pending = false
  })
  destination.on('error', error => {
    if (failed) return
    failed = true
    onError(error)
    // Left open, it would try to write the rest for ever when the process exits (sonic-boom's flushSync).
    destination.destroy()
  })
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: level => ({ level }) },
    },
    destination,
  )
  return {
    note({ method, path, status, remoteAddress, durationMs, hungUp }) {
      if (failed) return
      pending = true
      const entry = {
        method,
        path: path.slice(0, maxPathLength),
        status,
        durationMs: Math.round(durationMs * 10) / 10,
        remoteAddress,
        hungUp: hungUp || undefined,
      }
      logger.info(entry, 'request')
    },
    async flush() {
      if (failed || !pending) return
      // `once` rejects at the error that was told already.
      await Promise.race([once(destination, 'drain'), delay(flushMs, undefined, { ref: false })]).catch(() => undefined)
    },
  }
}
