import type { ByteSource } from '../../../../linux/byte-source.ts'

const magic = 0x377f0682
const headerBytes = 32
const frameHeaderBytes = 24

/** Where the newest committed state of each page stands in the log, and how many pages the database then has. */
export interface Wal {
  pages: number
  positions: Map<number, number>
}

/**
 * Reads a write-ahead log up to its last whole commit: each frame carries the salts of the log's header and a running checksum, so
 * what an earlier log left behind doesn't count. Undefined where nothing is committed in it. Source: fileformat2.html, section 4.
 */
export async function readWal(source: ByteSource, pageBytes: number): Promise<Wal | undefined> {
  const header = await source.read(0, headerBytes)
  if (header.length < headerBytes || (header.readUInt32BE(0) & ~1) !== magic) return undefined
  if (header.readUInt32BE(8) !== pageBytes) return undefined
  const sum = new Checksum((header.readUInt32BE(0) & 1) === 1)
  sum.add(header.subarray(0, 24))
  if (!sum.equals(header, 24)) return undefined
  const pending = new Map<number, number>()
  let wal: Wal | undefined
  for (let at = headerBytes; ; at += frameHeaderBytes + pageBytes) {
    const frame = await source.read(at, frameHeaderBytes + pageBytes)
    if (frame.length < frameHeaderBytes + pageBytes) return wal
    if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) return wal
    sum.add(frame.subarray(0, 8))
    sum.add(frame.subarray(frameHeaderBytes))
    if (!sum.equals(frame, 16)) return wal
    pending.set(frame.readUInt32BE(0), at + frameHeaderBytes)
    const pages = frame.readUInt32BE(4)
    if (pages === 0) continue
    wal = { pages, positions: wal?.positions ?? new Map() }
    for (const [page, position] of pending) wal.positions.set(page, position)
    pending.clear()
  }
}

class Checksum {
  readonly #isBig: boolean
  #first = 0
  #second = 0

  constructor(isBig: boolean) {
    this.#isBig = isBig
  }

  add(bytes: Buffer): void {
    const word = (at: number) => (this.#isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at))
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.#first = (this.#first + word(at) + this.#second) >>> 0
      this.#second = (this.#second + word(at + 4) + this.#first) >>> 0
    }
  }

  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second
  }
}
