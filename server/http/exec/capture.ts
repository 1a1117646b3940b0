import { Payload } from '../../core/payload.ts'
import { wholeCharacters } from '../../core/whole-characters.ts'

/** Bytes of each of stdout and stderr that a JSON answer keeps; NDJSON has no such bound. */
export const maxCaptureBytes = 1 << 20

/** The first MiB of a stream. What follows is read, so that the command goes on, and dropped. */
export class Capture {
  readonly #chunks: Buffer[] = []
  #room = maxCaptureBytes
  truncated = false

  add(bytes: Buffer): void {
    if (bytes.length > this.#room) this.truncated = true
    if (this.#room === 0) return
    const kept = bytes.subarray(0, this.#room)
    this.#chunks.push(kept)
    this.#room -= kept.length
  }

  toJSON(): { data: string; encoding: 'utf8' | 'base64' } {
    const all = Buffer.concat(this.#chunks)
    const { data, encoding } = new Payload(this.truncated ? wholeCharacters(all) : all).toJSON()
    return { data, encoding }
  }
}
