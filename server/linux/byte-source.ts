/** Bytes that can be read anywhere: a file, or what a test made. */
export interface ByteSource {
  readonly size: number
  /** Up to `length` bytes; fewer at the end, none behind it. The buffer is not written to again. */
  read(position: number, length: number): Promise<Buffer>
}

export const bytesIn = (buffer: Buffer): ByteSource => ({
  size: buffer.length,
  read: async (position, length) => buffer.subarray(position, position + length),
})

const blockBytes = 64 * 1024
const keptBlocks = 32

/** Many small reads near one another become few large ones: the last 2 MiB that were read are kept. */
export function buffered(source: ByteSource): ByteSource {
  const blocks = new Map<number, Buffer>()
  const block = async (number: number): Promise<Buffer> => {
    const known = blocks.get(number)
    const bytes = known ?? (await source.read(number * blockBytes, blockBytes))
    blocks.delete(number)
    blocks.set(number, bytes)
    if (blocks.size > keptBlocks) blocks.delete(blocks.keys().next().value!)
    return bytes
  }
  return {
    size: source.size,
    async read(position, length) {
      const parts: Buffer[] = []
      for (let at = position, end = position + length; at < end; ) {
        const number = Math.floor(at / blockBytes)
        const start = at - number * blockBytes
        const bytes = await block(number)
        const part = bytes.subarray(start, Math.min(start + end - at, bytes.length))
        if (part.length === 0) break
        parts.push(part)
        at += part.length
        if (bytes.length < blockBytes) break
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    },
  }
}

/** Pieces of a text between separators; one of more than `limit` bytes is passed over. The last needs no separator. */
export async function* piecesOf(source: ByteSource, separator: string, limit: number): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  let isTooLong = false
  for (let position = 0; ; ) {
    const chunk = await source.read(position, 1 << 20)
    if (chunk.length === 0) break
    position += chunk.length
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, from)) {
      if (!isTooLong && at - from <= limit) yield bytes.toString('utf8', from, at)
      isTooLong = false
      from = at + separator.length
    }
    rest = bytes.subarray(from)
    if (rest.length <= limit + separator.length) continue
    isTooLong = true
    // The separator may begin in the last bytes.
    rest = rest.subarray(rest.length - separator.length)
  }
  if (!isTooLong && rest.length > 0) yield rest.toString('utf8')
}
