import type { ByteSource } from '../../../../linux/byte-source.ts'
import { BrokenDatabase } from '../package.ts'
import { Allowance } from './limits.ts'

const hashMagic = 0x061561
const pageTypes = { unsortedHash: 2, overflow: 7, hashMeta: 8, hash: 13 }
const itemTypes = { inline: 1, elsewhere: 3 }
const pageHeaderBytes = 26

export const isBdbHash = (head: Buffer) =>
  head.length >= 16 && (head.readUInt32LE(12) === hashMagic || head.readUInt32BE(12) === hashMagic)

/**
 * Headers in a hash database of Berkeley DB (`Packages`), in the order of their pages: every second item of a hash page is a value,
 * either in the page or in a chain of overflow pages. Either byte order. Source: src/dbinc/db_page.h of Berkeley DB 5.3.
 */
export async function* bdbBlobs(source: ByteSource): AsyncGenerator<Buffer> {
  const file = await openFile(source)
  const allowance = new Allowance(source.size)
  for (let number = 1; number <= file.lastPage; number++) {
    const page = await file.page(number)
    if (page.type !== pageTypes.hash && page.type !== pageTypes.unsortedHash) continue
    for (const value of valuesIn(page, number)) {
      const blob = Buffer.isBuffer(value) ? value : await overflow(file, value, allowance)
      // Key 0 holds the highest number given out, not a header.
      if (blob.length > 4) yield blob
    }
  }
}

interface Page {
  bytes: Buffer
  type: number
  next: number
  items: number
  /** Of an overflow page: bytes of data in it. */
  freeOffset: number
  u16(at: number): number
  u32(at: number): number
}

interface DatabaseFile {
  lastPage: number
  page(number: number): Promise<Page>
}

/** A value that stands in overflow pages. */
interface Elsewhere {
  page: number
  length: number
}

async function openFile(source: ByteSource): Promise<DatabaseFile> {
  const head = await source.read(0, 512)
  if (head.length < 72 || !isBdbHash(head)) throw new BrokenDatabase('no hash database of Berkeley DB')
  const isLittle = head.readUInt32LE(12) === hashMagic
  const u16 = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const pageBytes = u32(head, 20)
  const [encryption, type, flags] = [head[24], head[25], head[26]]
  if (type !== pageTypes.hashMeta || pageBytes < 512 || pageBytes > 65_536 || pageBytes & (pageBytes - 1))
    throw new BrokenDatabase(`a first page of type ${type} and pages of ${pageBytes} bytes`)
  if (encryption || flags! & 1) throw new BrokenDatabase('pages with checksums or encryption are not read')
  return {
    lastPage: Math.min(u32(head, 32), Math.ceil(source.size / pageBytes) - 1),
    async page(number) {
      const bytes = await source.read(number * pageBytes, pageBytes)
      if (bytes.length < pageBytes) throw new BrokenDatabase(`cut within page ${number}`)
      return {
        bytes,
        type: bytes[25]!,
        next: u32(bytes, 16),
        items: u16(bytes, 20),
        freeOffset: u16(bytes, 22),
        u16: at => u16(bytes, at),
        u32: at => u32(bytes, at),
      }
    },
  }
}

/** Items grow down from the page's end, each ending where the one before begins; their offsets stand behind the header. */
function* valuesIn(page: Page, number: number): Generator<Buffer | Elsewhere> {
  const { bytes, items, u16, u32 } = page
  if (pageHeaderBytes + items * 2 > bytes.length) throw new BrokenDatabase(`${items} items in page ${number}`)
  for (let item = 1; item < items; item += 2) {
    const start = u16(pageHeaderBytes + item * 2)
    const end = u16(pageHeaderBytes + (item - 1) * 2)
    if (start < pageHeaderBytes || end > bytes.length || start >= end)
      throw new BrokenDatabase(`item ${item} lies outside of page ${number}`)
    if (bytes[start] === itemTypes.inline) yield bytes.subarray(start + 1, end)
    if (bytes[start] === itemTypes.elsewhere && end - start >= 12)
      yield { page: u32(start + 4), length: u32(start + 8) }
  }
}

async function overflow(file: DatabaseFile, { page: first, length }: Elsewhere, allowance: Allowance): Promise<Buffer> {
  allowance.take(length)
  const parts: Buffer[] = []
  let missing = length
  for (let number = first; missing > 0; ) {
    if (number === 0 || number > file.lastPage || parts.length > file.lastPage)
      throw new BrokenDatabase('a chain of pages ends before its value')
    const page = await file.page(number)
    const data = page.bytes.subarray(pageHeaderBytes, pageHeaderBytes + Math.min(page.freeOffset, missing))
    if (page.type !== pageTypes.overflow || data.length === 0)
      throw new BrokenDatabase(`page ${number} is not the overflow page it should be`)
    parts.push(data)
    missing -= data.length
    number = page.next
  }
  return Buffer.concat(parts)
}
