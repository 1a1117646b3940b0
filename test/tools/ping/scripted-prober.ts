import type { Clock } from '../../../server/core/context.ts'
import { parseInput } from '../../../server/core/input.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { PeerNames } from '../../../server/tools/ping/peer-names.ts'
import { ProbeLoop } from '../../../server/tools/ping/probe-loop.ts'
import type { Finding, Prober } from '../../../server/tools/ping/prober.ts'
import { input, type PingEvent } from '../../../server/tools/ping/schema.ts'

/** A clock that stands still until somebody waits. */
export class SteppedClock implements Clock {
  time = 1000
  now = () => this.time
  monotonic = () => this.time
  async sleep(ms: number): Promise<void> {
    this.time += ms
  }
}

/** What comes back for a request, some ms after it was sent; nothing is silence. */
export type Script = (seq: number) => Array<{ afterMs: number; finding: Partial<Finding> }> | 'busy' | 'refused'

export const reply = (afterMs: number, rttMs = afterMs) => ({ afterMs, finding: { kind: 'reply', rttMs } as const })

/** A wire that does what no real one does when told: late, double, out of order, with a clock that jumped. */
export class ScriptedProber implements Prober {
  readonly target = { transport: 'icmp', socket: 'datagram', port: null, payloadBytes: 56 } as const
  readonly maxInFlight: number
  readonly sent: Array<{ seq: number; at: number }> = []
  readonly #clock: SteppedClock
  readonly #script: Script
  #arriving: Array<{ at: number; finding: Finding }> = []

  constructor(clock: SteppedClock, script: Script, maxInFlight = 1000) {
    this.#clock = clock
    this.#script = script
    this.maxInFlight = maxInFlight
  }

  send(seq: number): ReturnType<Prober['send']> {
    const answers = this.#script(seq)
    if (answers === 'busy') return 'busy'
    this.sent.push({ seq, at: this.#clock.time })
    if (answers === 'refused') return { reason: 'prohibited', message: 'Permission denied', error: 'EACCES' }
    for (const { afterMs, finding } of answers) {
      const complete = { ...answer, sequence: seq & 0xffff, ...finding } as Finding
      this.#arriving.push({ at: this.#clock.time + afterMs, finding: complete })
    }
    this.#arriving.sort((a, b) => a.at - b.at)
    return undefined
  }

  collect(): Finding[] {
    const due = this.#arriving.filter(({ at }) => at <= this.#clock.time)
    this.#arriving = this.#arriving.slice(due.length)
    return due.map(({ finding }) => finding)
  }

  async ready(ms: number): Promise<void> {
    const next = this.#arriving[0]?.at ?? Number.POSITIVE_INFINITY
    const until = Math.min(next, this.#clock.time + ms)
    if (!Number.isFinite(until)) throw new Error('the loop waits for ever')
    this.#clock.time = Math.max(this.#clock.time, until)
    if (ms === 0) this.#clock.time += 0.01
  }

  giveUp(): void {}
  wake(): void {}
  close(): void {}
}

const answer = { peerAddress: '10.0.0.1', ttl: 64, bytes: 64, reason: 'host_unreachable', message: '', error: null }

/** Runs the loop over a script; gives what it found and what was sent when. */
export async function probe(
  fields: object,
  script: Script,
  { clock = new SteppedClock(), maxInFlight = 1000, stop = new AbortController() } = {},
): Promise<{ events: PingEvent[]; sent: Array<{ seq: number; at: number }> }> {
  const prober = new ScriptedProber(clock, script, maxInFlight)
  const context = { signal: new AbortController().signal, stop: stop.signal, clock, linux: linuxAt('/') }
  const checked = await parseInput(input, { host: '10.0.0.1', ...fields })
  const loop = new ProbeLoop(prober, checked, context, new PeerNames(false, []))
  return { events: await Array.fromAsync(loop.run()), sent: prober.sent }
}
