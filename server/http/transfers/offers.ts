import type { Request, Response, Router } from 'express'
import * as z from 'zod/mini'
import { ToolError } from '../../core/errors.ts'
import { parseInput } from '../../core/input.ts'
import { maxOffers, Offer, type OfferEvent } from '../../transfer/offers.ts'
import { openSource, type Source } from '../../transfer/source.ts'
import { standOf } from '../../transfer/stand.ts'
import { jsonBody } from '../json-body.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { NdjsonStream } from '../ndjson.ts'
import type { TransferDesk } from './desk.ts'
import { sendSource } from './send-source.ts'

/** Command lines are at most 2 MiB, and `maxOffers` paths far shorter. */
const bodyBytes = 1 << 20
/** Between two lines of progress, in ms: what an eye can follow. */
const progressMs = 200

const path = z.union([
  z.string().check(z.minLength(1), z.regex(/^[^\0]*$/, 'holds no NUL')),
  z.strictObject({ base64: z.string().check(z.minLength(1), z.describe('A path of any bytes')) }),
])

export const offerRequest = z.strictObject({
  paths: z.array(path).check(z.minLength(1), z.maxLength(maxOffers)).check(z.describe('Files and folders')),
  pid: z
    .optional(z.int().check(z.minimum(1)))
    .check(z.describe('The process that offers: paths are seen from where it stands; default: where the shell stands')),
})
type OfferRequest = z.output<typeof offerRequest>

export function addOfferRoutes(router: Router, root: string, desk: TransferDesk): void {
  router
    .route(`${root}/:id/offers`)
    .post(jsonBody(bodyBytes), async (request, response) => {
      const terminal = String(request.params.id)
      const input = await parseInput(offerRequest, request.body)
      desk.offers.checkRoom(terminal, input.paths.length)
      const sources = await openAll(desk, terminal, input)
      await new Offering(desk, terminal, sources, response).done
    })
    .all(methodNotAllowed('POST'))
  router
    .route(`${root}/:id/offers/:offer`)
    .get((request, response) => take(desk, request, response))
    .delete(({ params }, response) => {
      desk.offers.get(params.id, params.offer).decline()
      response.status(204).end()
    })
    .all(methodNotAllowed('GET', 'DELETE'))
}

async function openAll(desk: TransferDesk, terminal: string, { paths, pid }: OfferRequest): Promise<Source[]> {
  desk.sessionOf(terminal)
  await using stand = await (pid === undefined ? desk.standOf(terminal) : standOf(desk.linux, pid))
  const opened: Source[] = []
  try {
    for (const path of paths) {
      const bytes = typeof path === 'string' ? Buffer.from(path) : Buffer.from(path.base64, 'base64')
      if (bytes.includes(0)) throw new ToolError('invalid_input', 'a path holds no NUL')
      opened.push(await openSource(stand, bytes))
    }
    return opened
  } catch (error) {
    await Promise.all(opened.map(({ handle }) => handle.close()))
    throw error
  }
}

/** The offers of one request: they last as long as it does, and its answer tells what becomes of them. */
class Offering {
  readonly done: Promise<void>
  readonly #desk: TransferDesk
  readonly #terminal: string
  readonly #offers: Offer[]
  readonly #lines: NdjsonStream
  readonly #ended = new AbortController()
  /** The latest of each offer, until it is time to tell. */
  readonly #progress = new Map<string, OfferEvent>()
  #timer: NodeJS.Timeout | undefined

  constructor(desk: TransferDesk, terminal: string, sources: Source[], response: Response) {
    this.#desk = desk
    this.#terminal = terminal
    this.#offers = sources.map(source => {
      const offer: Offer = new Offer(source, event => this.#on(event, offer))
      return offer
    })
    this.#lines = new NdjsonStream(response, this.#ended.signal)
    this.done = this.#run(response)
  }

  async #run(response: Response): Promise<void> {
    const { closing } = this.#desk
    const end = () => this.#ended.abort()
    response.on('close', end)
    closing.addEventListener('abort', end)
    if (response.destroyed || closing.aborted) end()
    else await this.#hold()
    response.off('close', end)
    closing.removeEventListener('abort', end)
    clearTimeout(this.#timer)
    this.#desk.offers.remove(this.#terminal, this.#offers)
    await Promise.all(this.#offers.map(offer => offer.close()))
    if (closing.aborted) this.#lines.fail(new ToolError('unavailable', 'the server is stopping'))
    else this.#lines.end()
  }

  /** Resolves when all were taken or declined, or the one who offers has gone. */
  async #hold(): Promise<void> {
    const { viewers } = this.#desk.sessionOf(this.#terminal)
    this.#write({ type: 'waiting', viewers })
    for (const { view } of this.#offers) this.#write({ type: 'offer', ...view })
    this.#desk.offers.add(this.#terminal, this.#offers)
    await new Promise<void>(resolve => this.#ended.signal.addEventListener('abort', () => resolve()))
  }

  #on(event: OfferEvent, offer: Offer): void {
    if (this.#ended.signal.aborted) return
    if (event.type === 'progress') {
      this.#progress.set(event.id, event)
      this.#timer ??= setTimeout(() => this.#tellProgress(), progressMs)
      return
    }
    this.#progress.delete(offer.id)
    this.#write(event)
    this.#desk.offers.remove(this.#terminal, [offer])
    if (this.#offers.every(({ outcome }) => outcome !== 'open')) this.#summarise()
  }

  #summarise(): void {
    const count = (wanted: Offer['outcome']) => this.#offers.filter(({ outcome }) => outcome === wanted).length
    const sentBytes = this.#offers.reduce((sum, offer) => sum + offer.sentBytes, 0)
    this.#write({ type: 'summary', sent: count('sent'), declined: count('declined'), sentBytes })
    this.#ended.abort()
  }

  #tellProgress(): void {
    this.#timer = undefined
    for (const event of this.#progress.values()) this.#write(event)
    this.#progress.clear()
  }

  /** Lines are few and short: one that the client doesn't take in time is not waited for. */
  #write(line: unknown): void {
    void this.#lines.write(line)
  }
}

async function take(desk: TransferDesk, request: Request, response: Response): Promise<void> {
  const offer = desk.offers.get(String(request.params.id), String(request.params.offer))
  const over = offer.begin(() => response.destroy())
  try {
    await sendSource(request, response, offer.source, offer)
  } finally {
    over()
  }
}
