import type { Limits } from './limits.ts'

/** Fewer bytes on their way tell the link's latency, not its rate. */
const telling = 32 * 1024

/**
 * How many bytes a viewer may have unacked. What was on its way when a frame left, divided by the time to that frame's ack, is
 * the rate at which the viewer renders (Little's law); 200 ms of it are let out.
 */
export class SendWindow {
  #bytes: number
  #rate = 0
  readonly #limits: Limits
  readonly #inFlight: { end: number; sentAt: number; unacked: number }[] = []

  constructor(limits: Limits) {
    this.#limits = limits
    this.#bytes = limits.minWindowBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** A frame left that ends at offset `end`, making `unacked` bytes in all; `now` in ms. */
  sent(end: number, unacked: number, now: number): void {
    this.#inFlight.push({ end, sentAt: now, unacked })
  }

  acked(offset: number, now: number): void {
    for (let frame = this.#inFlight[0]; frame && frame.end <= offset; frame = this.#inFlight[0]) {
      if (frame.unacked >= telling) this.#measure(frame.unacked / Math.max(now - frame.sentAt, 0.1))
      this.#inFlight.shift()
    }
  }

  /** A quarter of each sample: four frames settle it, and one late ack doesn't shut it. */
  #measure(bytesPerMs: number): void {
    this.#rate = this.#rate === 0 ? bytesPerMs : this.#rate * 0.75 + bytesPerMs * 0.25
    const { minWindowBytes, windowBytes, windowMs } = this.#limits
    this.#bytes = Math.round(Math.min(windowBytes, Math.max(minWindowBytes, this.#rate * windowMs)))
  }
}
