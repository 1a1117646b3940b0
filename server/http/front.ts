import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { AccessNotes } from './access-notes.ts'
import type { App } from './app.ts'
import { answerHealth } from './health.ts'
import { checkHost } from './host-check.ts'
import type { Settings } from './options.ts'
import { checkOrigin } from './origin-check.ts'
import { Problem, refuseUpgrade, sendProblem } from './problem.ts'
import { setSecurityHeaders } from './security-headers.ts'

/**
 * Stands before everything else: probes and the checks that need no library. Express, the routes and the terminals take three
 * times as long to load as all the rest, so they are loaded behind its back, and requests that need them wait.
 */
export class Front {
  readonly #options: Settings
  readonly #notes: AccessNotes
  readonly #closing = new AbortController()
  #app: Promise<App> | undefined
  #failure: string | undefined

  constructor(options: Settings) {
    this.#options = options
    this.#notes = new AccessNotes(options.accessLog)
  }

  /** Loads what answers the API, once. */
  load(): Promise<App> {
    this.#app ??= import('./app.ts').then(({ createApp }) => createApp(this.#options, this.#closing.signal))
    this.#app.catch(error => {
      this.#failure = `the API could not be loaded: ${error.message}`
    })
    return this.#app
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#notes.request(request, response)
    setSecurityHeaders(response)
    cutWhenStalled(response, this.#options.limits.stalledMs)
    try {
      checkOrigin(request)
      if (answerHealth(request, response, this.#unready())) return
      checkHost(request, this.#options.allowedHosts ?? [])
      const app = await this.load()
      app.answer(request, response)
    } catch (error) {
      sendProblem(response, Problem.from(error))
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#notes.upgrade(request)
    socket.on('error', () => socket.destroy())
    try {
      checkOrigin(request)
      checkHost(request, this.#options.allowedHosts ?? [])
      const app = await this.load()
      app.upgrade(request, socket, head)
    } catch (error) {
      refuseUpgrade(socket, Problem.from(error))
    }
  }

  /** Ends every run and every group of routes. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#app?.then(
      app => app.close(),
      () => undefined,
    )
  }

  /** Writes what the access log still holds in memory. */
  flushLog(): Promise<void> {
    return this.#notes.flush()
  }

  #unready(): string | undefined {
    return this.#closing.signal.aborted ? 'the server is stopping' : this.#failure
  }
}

/** A client that reads nothing would hold its connection, one of a bounded number, for ever. A run that says nothing yet may go on. */
function cutWhenStalled(response: ServerResponse, stalledMs: number): void {
  response.setTimeout(stalledMs, () => {
    if (response.socket && response.socket.writableLength > 0) response.socket.destroy()
  })
}
