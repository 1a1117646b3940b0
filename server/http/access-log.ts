import type { IncomingMessage, ServerResponse } from 'node:http'
import { pino } from 'pino'
import { pathOf } from './path.ts'

/** A path longer than any of ours is noise; this much shows whose. */
const maxPathLength = 512

export interface Answered {
  request: IncomingMessage
  response: ServerResponse
  /** As it was when the request came; a closed socket has none. */
  remoteAddress: string | undefined
  durationMs: number
}

/** JSON lines, one an answer: when, what, from where, how it ended. Never a query, a header or a body: these hold secrets. */
export interface AccessLog {
  note(answered: Answered): void
  /** Writes what is still in memory. */
  flush(): void
}

export function openAccessLog(descriptor: number): AccessLog {
  const destination = pino.destination({ dest: descriptor, sync: false })
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: level => ({ level }) },
    },
    destination,
  )
  return {
    note({ request, response, remoteAddress, durationMs }) {
      const entry = {
        method: request.method,
        path: pathOf(request).slice(0, maxPathLength),
        status: response.statusCode,
        durationMs: Math.round(durationMs * 10) / 10,
        remoteAddress,
        hungUp: response.writableFinished ? undefined : true,
      }
      logger.info(entry, 'request')
    },
    flush: () => destination.flushSync(),
  }
}
