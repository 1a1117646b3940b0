import { writeSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessLog } from './access-log.ts'
import { pathOf } from './path.ts'
import { upgradeStatus } from './problem.ts'

/** What front.ts tells the access log. The log's library is loaded at the first request; a log that fails ends no server. */
export class AccessNotes {
  readonly #descriptor: number | undefined
  #log: Promise<AccessLog | undefined> | undefined

  /** Without a descriptor nothing is noted. */
  constructor(descriptor: number | undefined) {
    this.#descriptor = descriptor
  }

  /** Notes a request when its answer has ended. */
  request(request: IncomingMessage, response: ServerResponse): void {
    this.#whenClosed(request, response, () => ({
      status: response.statusCode,
      hungUp: !response.writableFinished,
    }))
  }

  /** Notes an upgrade when its socket has closed, as 101 or as what refused it. */
  upgrade(request: IncomingMessage): void {
    const { socket } = request
    const writtenBefore = socket.bytesWritten
    this.#whenClosed(request, socket, () => ({
      status: upgradeStatus(socket),
      hungUp: socket.bytesWritten === writtenBefore,
    }))
  }

  /** Writes what is still in memory. */
  async flush(): Promise<void> {
    const log = await this.#log
    await log?.flush()
  }

  #whenClosed(
    request: IncomingMessage,
    closing: IncomingMessage['socket'] | ServerResponse,
    ending: () => { status: number; hungUp: boolean },
  ): void {
    const descriptor = this.#descriptor
    if (descriptor === undefined) return
    const started = performance.now()
    const { method, socket } = request
    // A closed socket has none.
    const { remoteAddress } = socket
    this.#log ??= this.#open(descriptor)
    closing.on('close', async () => {
      const durationMs = performance.now() - started
      const log = await this.#log
      log?.note({ method, path: pathOf(request), remoteAddress, durationMs, ...ending() })
    })
  }

  async #open(descriptor: number): Promise<AccessLog | undefined> {
    try {
      const { openAccessLog } = await import('./access-log.ts')
      return openAccessLog(descriptor, error => this.#fail(error))
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #fail(error: unknown): void {
    try {
      writeSync(2, `ditty: the access log can't be written: ${(error as Error).message}\n`)
    } catch {
      // Standard error is gone as well: there is nobody to tell.
    }
  }
}
