import type { FileHandle } from 'node:fs/promises'
import type { Writable } from 'node:stream'

/** Bytes of one read. Two such buffers hold whatever a transfer has in memory: one is filled while the other is sent. */
const pieceBytes = 256 * 1024

/** The file became shorter than was told: the answer is cut, since its length can no longer be kept. */
export class ShrunkError extends Error {
  override readonly name = 'ShrunkError'
}

/**
 * Copies bytes `from` up to `to` of a file; `to` null: until its end. `onSent` hears of each piece that the kernel took. Throws
 * what reading threw, ShrunkError, or an error when the one who takes has gone.
 */
export async function sendFile(
  handle: FileHandle,
  from: number,
  to: number | null,
  into: Writable,
  onSent: (upTo: number) => void = () => {},
): Promise<void> {
  const buffers = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)] as const
  let sending: Promise<void> = Promise.resolve()
  for (let at = from, turn = 0; to === null || at < to; turn ^= 1) {
    const wanted = to === null ? pieceBytes : Math.min(pieceBytes, to - at)
    const { bytesRead } = await handle.read(buffers[turn as 0 | 1], 0, wanted, at)
    await sending
    if (bytesRead === 0 && to !== null) throw new ShrunkError(`it ended at ${at}, ${to - at} bytes early`)
    if (bytesRead === 0) break
    at += bytesRead
    const end = at
    sending = put(into, buffers[turn as 0 | 1].subarray(0, bytesRead)).then(() => onSent(end))
    // It is awaited one read later; a read that fails first leaves it to itself.
    sending.catch(() => undefined)
  }
  await sending
}

/** Resolves when the bytes are no longer needed. A response whose client has gone calls nobody back. */
export function put(into: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('the one who takes it has gone'))
    if (into.destroyed) return onClose()
    into.once('close', onClose)
    into.write(bytes, error => {
      into.off('close', onClose)
      if (error) reject(error)
      else resolve()
    })
  })
}
