import { abortable } from '../../core/abortable.ts'
import type { OpenFile } from '../../linux/root/folder.ts'

/** What is there at once of a local file. Most files end in it. */
const firstBytes = 64 * 1024
/** Large enough that asking a thread costs little beside the copying, and small enough to stay in the processor's cache. */
const blockBytes = 256 * 1024

export interface Span {
  /** Where to begin, in bytes; default 0. */
  from?: number
  /** The most bytes that are read. */
  limit?: number
}

/**
 * Content to the end of the file, however it grows meanwhile; while one block is used the next is read. A block is valid until
 * the next is asked for. Throws Node's error.
 */
export async function* readBlocks(file: OpenFile, signal: AbortSignal, { from = 0, limit = Infinity }: Span = {}) {
  let position = from
  const end = from + limit
  const ask = (buffer: Buffer) => file.read(buffer.subarray(0, Math.min(buffer.length, end - position)), position)
  const first = Buffer.allocUnsafeSlow(firstBytes)
  while (position < end) {
    const count = await abortable(ask(first), signal)
    if (count === 0) return
    position += count
    yield first.subarray(0, count)
    // Files of /proc come in pieces of their own size, whatever is asked for.
    if (count === firstBytes) break
  }
  yield* readAhead()

  async function* readAhead() {
    let [now, next] = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)]
    let asked = ask(now)
    try {
      while (position < end) {
        const count = await abortable(asked, signal)
        if (count === 0) return
        position += count
        asked = ask(next)
        asked.catch(() => undefined)
        yield now.subarray(0, count)
        const used = now
        now = next
        next = used
      }
    } finally {
      if (!signal.aborted) await asked.catch(() => undefined)
    }
  }
}
