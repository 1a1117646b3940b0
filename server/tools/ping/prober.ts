import type { Lost, Target } from './schema.ts'

/** What became of one request, told by the low 16 bits of its sequence. */
export type Finding =
  | {
      kind: 'reply'
      sequence: number
      peerAddress: string
      ttl: number | null
      bytes: number | null
      rttMs: number
    }
  | {
      kind: 'lost'
      sequence: number
      peerAddress: string | null
      reason: Lost['reason']
      message: string
      error: string | null
      rttMs: number | null
    }

export type Refusal = Pick<Lost, 'reason' | 'message' | 'error'>

/** One way of asking an address whether it is there. It knows the wire, and nothing of pace, timeouts and sums. */
export interface Prober {
  readonly target: Pick<Target, 'transport' | 'socket' | 'port' | 'payloadBytes'>
  /** Most requests under way that it can keep apart. */
  readonly maxInFlight: number
  /** `busy`: nothing was sent, since a queue is full; try again in a while. */
  send(seq: number): Refusal | 'busy' | undefined
  /** What came in since, a bounded slice of it; empty when nothing is left. */
  collect(): Finding[]
  /** Nobody waits for this request any more. */
  giveUp(seq: number): void
  /** Resolves when there may be something to collect, after `ms`, or at `wake`. */
  ready(ms: number): Promise<void>
  wake(): void
  close(): void
}
