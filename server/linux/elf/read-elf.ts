import type { ByteSource } from '../byte-source.ts'
import { machineName } from './machines.ts'

/** What an executable or library says of itself. elf(5). */
export interface Elf {
  /** As uname(2) would name it: `x86_64`, `aarch64`. */
  machine: string
  bits: 32 | 64
  isLittleEndian: boolean
  type: 'executable' | 'shared' | 'other'
  /** The dynamic loader that the kernel starts it with; null for a static one. */
  interpreter: string | null
  /** Hexadecimal, from the note of the linker. */
  buildId: string | null
  /** Named sections; empty where the file was stripped of their table. */
  sections: ElfSection[]
  /** Has the note that glibc's start files leave (`.note.ABI-tag`), in a static binary too. */
  hasGnuAbiTag: boolean
}

export interface ElfSection {
  name: string
  offset: number
  size: number
}

interface Segment {
  type: number
  offset: number
  size: number
}

const segmentTypes = { interpreter: 3, note: 4 }
const noteTypes = { abiTag: 1, buildId: 3 }

/** Tables are read up to these sizes; what goes beyond is a broken or hostile file. */
const maxSegments = 256
const maxSections = 4096
const maxNamesBytes = 1 << 20
const maxNoteBytes = 64 * 1024

/** Undefined where it is no ELF file, or one cut within its header. */
export async function readElf(source: ByteSource): Promise<Elf | undefined> {
  const header = await source.read(0, 64)
  if (header.length < 52 || header.readUInt32BE(0) !== 0x7f454c46) return undefined
  const [bits, order] = [header[4], header[5]]
  if ((bits !== 1 && bits !== 2) || (order !== 1 && order !== 2) || (bits === 2 && header.length < 64)) return undefined
  const words = new Words(header, bits === 2, order === 1)
  const segments = await readSegments(source, words)
  const notes = await readNotes(source, words, segments)
  const type = words.u16(16)
  return {
    machine: machineName(words.u16(18), bits === 2, order === 1),
    bits: bits === 2 ? 64 : 32,
    isLittleEndian: order === 1,
    type: type === 2 ? 'executable' : type === 3 ? 'shared' : 'other',
    interpreter: await readInterpreter(source, segments),
    sections: await readSections(source, words),
    ...notes,
  }
}

/** Numbers of a structure whose width and order the file's first bytes tell. */
class Words {
  readonly bytes: Buffer
  readonly is64: boolean
  readonly isLittle: boolean

  constructor(bytes: Buffer, is64: boolean, isLittle: boolean) {
    this.bytes = bytes
    this.is64 = is64
    this.isLittle = isLittle
  }

  over(bytes: Buffer): Words {
    return new Words(bytes, this.is64, this.isLittle)
  }

  u16(at: number): number {
    return this.isLittle ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at)
  }

  u32(at: number): number {
    return this.isLittle ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at)
  }

  /** An offset or a size: 8 bytes wide in a 64-bit file. Beyond 2^53 it is as good as infinite. */
  word(at32: number, at64: number): number {
    if (!this.is64) return this.u32(at32)
    return Number(this.isLittle ? this.bytes.readBigUInt64LE(at64) : this.bytes.readBigUInt64BE(at64))
  }
}

/** A table of equal entries, as many as are whole. */
async function readTable(
  source: ByteSource,
  words: Words,
  offset: number,
  entrySize: number,
  count: number,
  least: number,
) {
  if (entrySize < least || count === 0 || offset >= source.size) return []
  const bytes = await source.read(offset, entrySize * count)
  const whole = Math.floor(bytes.length / entrySize)
  return Array.from({ length: whole }, (_, at) => words.over(bytes.subarray(at * entrySize, (at + 1) * entrySize)))
}

async function readSegments(source: ByteSource, words: Words): Promise<Segment[]> {
  const [entrySize, count] = words.is64 ? [words.u16(54), words.u16(56)] : [words.u16(42), words.u16(44)]
  const offset = words.word(28, 32)
  const table = await readTable(source, words, offset, entrySize, Math.min(count, maxSegments), words.is64 ? 56 : 32)
  return table.map(entry => ({ type: entry.u32(0), offset: entry.word(4, 8), size: entry.word(16, 32) }))
}

async function readInterpreter(source: ByteSource, segments: Segment[]): Promise<string | null> {
  const segment = segments.find(({ type }) => type === segmentTypes.interpreter)
  if (!segment || segment.size === 0 || segment.offset >= source.size) return null
  const bytes = await source.read(segment.offset, Math.min(segment.size, 4096))
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end) || null
}

async function readNotes(source: ByteSource, words: Words, segments: Segment[]) {
  const found: Pick<Elf, 'buildId' | 'hasGnuAbiTag'> = { buildId: null, hasGnuAbiTag: false }
  for (const { type, offset, size } of segments) {
    if (type !== segmentTypes.note || offset >= source.size) continue
    const notes = words.over(await source.read(offset, Math.min(size, maxNoteBytes)))
    for (const { name, type, value } of notesIn(notes)) {
      if (name !== 'GNU') continue
      if (type === noteTypes.buildId) found.buildId ??= value.toString('hex')
      if (type === noteTypes.abiTag) found.hasGnuAbiTag = true
    }
  }
  return found
}

function* notesIn(words: Words): Generator<{ name: string; type: number; value: Buffer }> {
  const { bytes } = words
  for (let at = 0; at + 12 <= bytes.length; ) {
    const [nameSize, valueSize, type] = [words.u32(at), words.u32(at + 4), words.u32(at + 8)]
    const valueAt = at + 12 + align4(nameSize)
    if (valueAt + valueSize > bytes.length) return
    const name = bytes.toString('latin1', at + 12, at + 12 + Math.max(0, nameSize - 1))
    yield { name, type, value: bytes.subarray(valueAt, valueAt + valueSize) }
    at = valueAt + align4(valueSize)
  }
}

const align4 = (size: number) => Math.ceil(size / 4) * 4

async function readSections(source: ByteSource, words: Words): Promise<ElfSection[]> {
  const [entrySize, count, namesAt] = words.is64
    ? [words.u16(58), words.u16(60), words.u16(62)]
    : [words.u16(46), words.u16(48), words.u16(50)]
  const offset = words.word(32, 40)
  const table = await readTable(source, words, offset, entrySize, Math.min(count, maxSections), words.is64 ? 64 : 40)
  const placeOf = (entry: Words) => ({ offset: entry.word(16, 24), size: entry.word(20, 32) })
  const namesEntry = table[namesAt]
  if (!namesEntry) return []
  const place = placeOf(namesEntry)
  if (place.offset >= source.size) return []
  const names = await source.read(place.offset, Math.min(place.size, maxNamesBytes))
  return table.map(entry => {
    const start = entry.u32(0)
    const end = names.indexOf(0, start)
    return { name: names.toString('latin1', start, end < 0 ? start : end), ...placeOf(entry) }
  })
}
