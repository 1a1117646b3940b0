import type { ByteSource } from '../../../../linux/byte-source.ts'
import { BrokenDatabase } from '../package.ts'
import { Allowance } from './limits.ts'
import { readWal } from './sqlite-wal.ts'

const magic = 'SQLite format 3\0'
const pageTypes = { interior: 5, leaf: 13 }
/** The first page holds the file's own header before its table. */
const fileHeaderBytes = 100
const maxDepth = 20

export const isSqlite = (head: Buffer) => head.toString('latin1', 0, magic.length) === magic

type Column = Buffer | string | number | null

/**
 * The column `blob` of a table, row by row, with what a write-ahead log beside the file adds to it. SQLite's library would open the
 * file by its path, and follow that path in ditty's own root. Source: https://sqlite.org/fileformat2.html
 */
export async function* sqliteBlobs(source: ByteSource, wal: ByteSource | undefined, table: string) {
  const file = await openFile(source, wal)
  const root = await findTable(file, table)
  if (root === undefined) throw new BrokenDatabase(`it has no table ${table}`)
  for await (const columns of rows(file, root)) {
    const blob = columns[1]
    if (Buffer.isBuffer(blob)) yield blob
  }
}

interface DatabaseFile {
  pages: number
  /** Without what is reserved at a page's end. */
  usableBytes: number
  allowance: Allowance
  page(number: number): Promise<Buffer>
}

async function openFile(source: ByteSource, walSource: ByteSource | undefined): Promise<DatabaseFile> {
  const head = await source.read(0, fileHeaderBytes)
  if (head.length < fileHeaderBytes || !isSqlite(head)) throw new BrokenDatabase('no SQLite database')
  const told = head.readUInt16BE(16)
  const pageBytes = told === 1 ? 65_536 : told
  const usableBytes = pageBytes - head[20]!
  if (pageBytes < 512 || pageBytes & (pageBytes - 1) || usableBytes < 480)
    throw new BrokenDatabase(`pages of ${pageBytes} bytes`)
  const wal = walSource && (await readWal(walSource, pageBytes))
  const present = Math.ceil((source.size + (walSource?.size ?? 0)) / pageBytes)
  const pages = Math.min(wal?.pages ?? present, present)
  return {
    pages,
    allowance: new Allowance(pages * pageBytes),
    usableBytes,
    async page(number) {
      const inWal = wal?.positions.get(number)
      const bytes =
        inWal === undefined
          ? await source.read((number - 1) * pageBytes, pageBytes)
          : await walSource!.read(inWal, pageBytes)
      if (number < 1 || bytes.length < pageBytes) throw new BrokenDatabase(`cut before the end of page ${number}`)
      return bytes.subarray(0, usableBytes)
    },
  }
}

async function findTable(file: DatabaseFile, table: string): Promise<number | undefined> {
  for await (const [type, name, , root] of rows(file, 1))
    if (type === 'table' && name === table && typeof root === 'number') return root
  return undefined
}

/** Every row of a table b-tree in the order of its row ids; what a page names twice would be a loop. */
async function* rows(file: DatabaseFile, root: number): AsyncGenerator<Column[]> {
  const todo = [{ number: root, depth: 0 }]
  let visited = 0
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { number, depth } = next
    if (++visited > file.pages || depth > maxDepth) throw new BrokenDatabase(`page ${number} is part of a loop`)
    const bytes = await file.page(number)
    const start = number === 1 ? fileHeaderBytes : 0
    const type = bytes[start]
    if (type === pageTypes.interior) {
      const children = [...cellsOf(bytes, start, 12), start + 8].map(at => u32(bytes, at))
      todo.push(...children.reverse().map(number => ({ number, depth: depth + 1 })))
    } else if (type === pageTypes.leaf) {
      for (const cell of cellsOf(bytes, start, 8)) yield parseRecord(await payloadAt(file, bytes, cell))
    } else throw new BrokenDatabase(`page ${number} is of type ${type}, not of a table`)
  }
}

/** Where the cells of a page begin. */
function cellsOf(bytes: Buffer, start: number, headerBytes: number): number[] {
  const count = bytes.readUInt16BE(start + 3)
  const first = start + headerBytes
  if (first + count * 2 > bytes.length) throw new BrokenDatabase(`${count} cells in a page`)
  return Array.from({ length: count }, (_, at) => bytes.readUInt16BE(first + at * 2))
}

function u32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw new BrokenDatabase('a cell lies outside of its page')
  return bytes.readUInt32BE(at)
}

async function payloadAt(file: DatabaseFile, page: Buffer, cell: number): Promise<Buffer> {
  const size = varint(page, cell)
  const rowId = varint(page, size.end)
  file.allowance.take(size.value)
  const local = localBytes(file.usableBytes, size.value)
  const parts = [page.subarray(rowId.end, rowId.end + local)]
  if (parts[0]!.length < local) throw new BrokenDatabase('a cell lies outside of its page')
  let missing = size.value - local
  let next = missing > 0 ? u32(page, rowId.end + local) : 0
  while (missing > 0) {
    if (next === 0 || next > file.pages) throw new BrokenDatabase('a chain of pages ends before its row')
    const bytes = await file.page(next)
    const part = bytes.subarray(4, 4 + missing)
    parts.push(part)
    missing -= part.length
    next = bytes.readUInt32BE(0)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** How much of a row stands in the page itself: section 1.6, "leaf table b-tree page". */
function localBytes(usable: number, size: number): number {
  if (size <= usable - 35) return size
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const fitting = least + ((size - least) % (usable - 4))
  return fitting <= usable - 35 ? fitting : least
}

function parseRecord(bytes: Buffer): Column[] {
  const header = varint(bytes, 0)
  const columns: Column[] = []
  let data = header.value
  for (let at = header.end; at < header.value; ) {
    const type = varint(bytes, at)
    at = type.end
    const size = columnBytes(type.value)
    if (data + size > bytes.length) throw new BrokenDatabase('a column is longer than its row')
    columns.push(columnOf(type.value, bytes.subarray(data, data + size)))
    data += size
  }
  return columns
}

function columnBytes(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0
}

function columnOf(type: number, bytes: Buffer): Column {
  if (type >= 12) return type % 2 === 0 ? bytes : bytes.toString('utf8')
  if (type === 8 || type === 9) return type - 8
  if (type >= 1 && type <= 5) return bytes.readIntBE(0, bytes.length)
  return null
}

/** Up to nine bytes of which the first eight carry seven bits each; sizes beyond 2^53 are as good as infinite. */
function varint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0
  for (let at = start; at < start + 9; at++) {
    const byte = bytes[at]
    if (byte === undefined) throw new BrokenDatabase('a number lies outside of its page')
    if (at === start + 8) return { value: value * 256 + byte, end: at + 1 }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, end: at + 1 }
  }
  return { value, end: start + 9 }
}
