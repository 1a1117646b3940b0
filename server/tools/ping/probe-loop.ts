import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ToolContext } from '../context.ts'
import { Pace } from './pace.ts'
import type { PeerNames } from './peer-names.ts'
import type { Finding, Prober } from './prober.ts'
import type { Lost, PingEvent, PingInput, Reply, Summary } from './schema.ts'
import { SentWindow } from './sent-window.ts'
import { microseconds, RoundTrips } from './statistics.ts'

/** Work without a pause for signals and other runs, in ms. */
const turnMs = 5

/** Sends requests at their pace, sorts what comes back, and sums up. Ends early at `stop`. */
export class ProbeLoop {
  readonly #prober: Prober
  readonly #input: PingInput
  readonly #context: ToolContext
  readonly #names: PeerNames
  readonly #pace: Pace
  readonly #window = new SentWindow()
  readonly #roundTrips = new RoundTrips()
  readonly #sums = { received: 0, duplicates: 0, errors: 0, unsent: 0, pipe: 0 }
  #started = 0
  #lastActive = 0
  #turnBegan = 0
  #isIdle = false

  constructor(prober: Prober, input: PingInput, context: ToolContext, names: PeerNames) {
    this.#prober = prober
    this.#input = input
    this.#pace = new Pace(input.intervalSeconds * 1e3)
    this.#context = context
    this.#names = names
  }

  async *run(): AsyncGenerator<PingEvent> {
    const wake = () => this.#prober.wake()
    const signals = [this.#context.signal, this.#context.stop]
    for (const signal of signals) signal.addEventListener('abort', wake)
    try {
      yield* this.#probe()
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', wake)
    }
    yield this.#summary()
  }

  async *#probe(): AsyncGenerator<PingEvent> {
    this.#started = this.#lastActive = this.#turnBegan = this.#now()
    for (;;) {
      this.#context.signal.throwIfAborted()
      yield* this.#takeIn()
      if (this.#isOver()) return
      const refused = this.#mayWait() ? undefined : this.#send()
      if (refused) yield refused
      if (!this.#isOver()) await this.#pause()
    }
  }

  /** What came in is sorted first: a reply that waits to be read is in time, however late we are. */
  async *#takeIn(): AsyncGenerator<PingEvent> {
    const findings = this.#prober.collect()
    this.#isIdle = findings.length === 0
    for (const finding of findings) {
      const event = await this.#sort(finding)
      if (event) yield event
    }
    if (this.#isIdle) yield* this.#expire()
  }

  async #pause(): Promise<void> {
    const now = this.#now()
    if (this.#isIdle && this.#mayWait()) await this.#prober.ready(Math.max(0, this.#dueAt() - now))
    else if (now - this.#turnBegan > turnMs) await nextTurn()
    else return
    this.#turnBegan = this.#now()
  }

  #now(): number {
    return this.#context.clock.monotonic()
  }

  #isOver(): boolean {
    const { count, deadlineSeconds } = this.#input
    if (this.#context.stop.aborted) return true
    if (deadlineSeconds === undefined) return this.#allSent() && this.#window.inFlight === 0
    if (this.#now() >= this.#started + deadlineSeconds * 1e3) return true
    return this.#sums.errors > 0 || (count > 0 && this.#sums.received >= count)
  }

  /** Under a deadline `count` is that of replies, as in ping(8), so sending goes on. */
  #allSent(): boolean {
    const { count, deadlineSeconds } = this.#input
    return count > 0 && deadlineSeconds === undefined && this.#window.last >= count
  }

  #mayWait(): boolean {
    return (
      this.#allSent() ||
      this.#window.inFlight >= this.#prober.maxInFlight ||
      this.#now() < this.#pace.next(this.#window.inFlight)
    )
  }

  /** When there is something to do though nothing comes in. */
  #dueAt(): number {
    const { deadlineSeconds } = this.#input
    const isFull = this.#window.inFlight >= this.#prober.maxInFlight
    const oldest = this.#window.oldest()
    return Math.min(
      this.#allSent() || isFull ? Number.POSITIVE_INFINITY : this.#pace.next(this.#window.inFlight),
      oldest === undefined ? Number.POSITIVE_INFINITY : this.#expiryOf(oldest),
      deadlineSeconds === undefined ? Number.POSITIVE_INFINITY : this.#started + deadlineSeconds * 1e3,
    )
  }

  #expiryOf(seq: number): number {
    return this.#window.sentAt(seq) + this.#input.timeoutSeconds * 1e3
  }

  #send(): Lost | undefined {
    const now = this.#now()
    const seq = this.#window.add(now)
    const refusal = this.#prober.send(seq)
    if (refusal === 'busy') {
      this.#window.undo()
      this.#pace.hold(now)
      return undefined
    }
    this.#lastActive = now
    this.#pace.sent(now)
    if (refusal === undefined) return undefined
    this.#window.settle(seq, 'lost')
    this.#sums.unsent++
    this.#pace.hold(now)
    return { type: 'lost', seq, peerAddress: null, peerName: null, rttMs: null, ...refusal }
  }

  *#expire(): Generator<PingEvent> {
    const now = this.#now()
    for (
      let seq = this.#window.oldest();
      seq !== undefined && this.#expiryOf(seq) <= now;
      seq = this.#window.oldest()
    ) {
      this.#window.settle(seq, 'lost')
      this.#prober.giveUp(seq)
      yield {
        type: 'lost',
        seq,
        reason: 'timeout',
        peerAddress: null,
        peerName: null,
        message: `no answer within ${this.#input.timeoutSeconds} s`,
        error: null,
        rttMs: null,
      }
    }
  }

  async #sort(finding: Finding): Promise<PingEvent | undefined> {
    const seq = this.#window.find(finding.sequence)
    if (seq === undefined) return undefined
    const standing = this.#window.standing(seq)
    this.#lastActive = this.#now()
    this.#sums.pipe = Math.max(this.#sums.pipe, this.#window.last - seq + 1)
    if (finding.kind === 'reply') return this.#reply(seq, standing, finding)
    return standing === 'pending' ? this.#lost(seq, finding) : undefined
  }

  async #reply(seq: number, standing: string, finding: Extract<Finding, { kind: 'reply' }>): Promise<Reply> {
    const { peerAddress, ttl, bytes } = finding
    // The kernel stamps by the wall clock. Should that step meanwhile, the time until now on the steady clock is the bound.
    const bound = this.#lastActive - this.#window.sentAt(seq)
    const rttMs = microseconds(finding.rttMs >= 0 && finding.rttMs <= bound ? finding.rttMs : bound)
    const duplicate = standing === 'answered'
    if (duplicate) this.#sums.duplicates++
    else {
      this.#sums.received++
      this.#roundTrips.add(rttMs)
      this.#window.settle(seq, 'answered')
    }
    const peerName = await this.#names.of(peerAddress)
    return { type: 'reply', seq, peerAddress, peerName, ttl, rttMs, bytes, duplicate, late: standing === 'lost' }
  }

  async #lost(seq: number, finding: Extract<Finding, { kind: 'lost' }>): Promise<Lost> {
    const { peerAddress, reason, message, error, rttMs } = finding
    this.#sums.errors++
    this.#window.settle(seq, 'lost')
    const peerName = peerAddress === null ? null : await this.#names.of(peerAddress)
    return { type: 'lost', seq, reason, peerAddress, peerName, message, error, rttMs }
  }

  #summary(): Summary {
    const transmitted = this.#window.last
    const lossRatio = transmitted === 0 ? 0 : (transmitted - this.#sums.received) / transmitted
    const elapsedMs = microseconds(this.#lastActive - this.#started)
    return { type: 'summary', transmitted, ...this.#sums, lossRatio, elapsedMs, rttMs: this.#roundTrips.summary() }
  }
}
