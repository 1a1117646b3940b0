import { isUtf8 } from 'node:buffer'
import type { Writable } from 'node:stream'
import type { FileStatus } from '../linux/root/status.ts'
import type { ArchiveWriter, FileEntry, FolderEntry, LinkEntry } from './archive.ts'
import { put } from './send-file.ts'

const blockBytes = 512
/** Written at once at least, but for the end. */
const gatherBytes = 64 * 1024
/** `typeflag` of pax(1), IEEE Std 1003.1: ustar Interchange Format. */
const type = { file: '0', link: '2', folder: '5', extended: 'x' } as const
/** Fields of the header, by offset and length. */
const field = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  modified: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  target: [157, 100],
  magic: [257, 8],
} as const

interface Header {
  name: Buffer
  type: string
  size: number
  target: Buffer
  mode: number
  uid: number
  gid: number
  modified: { seconds: number; nanoseconds: number }
}

const nothing = Buffer.alloc(0)

/**
 * A tar with names of any bytes, owners by their numbers, and times to the nanosecond: pax headers stand before entries that the
 * old fields can't hold. GNU tar, busybox and libarchive read it. Source: pax(1), "pax Interchange Format".
 */
export function tarArchive(name: Buffer, status: FileStatus, into: Writable): ArchiveWriter {
  return new TarArchive(name, status, into)
}

class TarArchive implements ArchiveWriter {
  readonly keepsPieces = false
  readonly maxEntries = Number.POSITIVE_INFINITY
  readonly #root: Buffer
  readonly #into: Writable
  #begun: Promise<void> | undefined
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  readonly #status: FileStatus

  constructor(root: Buffer, status: FileStatus, into: Writable) {
    this.#root = Buffer.concat([root, Buffer.from('/')])
    this.#status = status
    this.#into = into
  }

  refuses(): undefined {
    return undefined
  }

  async folder({ name, status }: FolderEntry): Promise<void> {
    await this.#write(headerOf(type.folder, this.#pathOf(Buffer.concat([name, Buffer.from('/')])), status))
  }

  async link({ name, status, target }: LinkEntry): Promise<void> {
    await this.#write({ ...headerOf(type.link, this.#pathOf(name), status), target })
  }

  /** What is missing at the end, where a file became shorter, is zeros: the header has told its length. */
  async file({ name, status }: FileEntry, content: AsyncGenerator<Buffer>): Promise<void> {
    const { size } = status
    await this.#write({ ...headerOf(type.file, this.#pathOf(name), status), size })
    let written = 0
    for await (const bytes of content) {
      await this.#put(bytes)
      written += bytes.length
    }
    await this.#zeros(size - written + padding(size))
  }

  async note(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text)
    const header = headerOf(type.file, this.#pathOf(Buffer.from(name)), this.#status)
    await this.#write({ ...header, mode: 0o644, size: bytes.length })
    await this.#put(bytes)
    await this.#zeros(padding(bytes.length))
  }

  async end(): Promise<void> {
    await this.#begin()
    await this.#zeros(2 * blockBytes)
    await this.#flush()
  }

  async #write(header: Header): Promise<void> {
    await this.#begin()
    await this.#put(headerBytes(header))
  }

  /** The folder itself stands first. */
  async #begin(): Promise<void> {
    this.#begun ??= this.#put(headerBytes(headerOf(type.folder, this.#root, this.#status)))
    await this.#begun
  }

  async #zeros(count: number): Promise<void> {
    for (let left = count; left > 0; left -= zeros.length)
      await this.#put(zeros.subarray(0, Math.min(left, zeros.length)))
  }

  /** Small pieces go together: headers of many files would cost a packet each. Large ones are not copied. */
  async #put(bytes: Buffer): Promise<void> {
    if (bytes.length >= gatherBytes) {
      await this.#flush()
      return await put(this.#into, bytes)
    }
    this.#gathered.push(Buffer.from(bytes))
    this.#gatheredBytes += bytes.length
    if (this.#gatheredBytes >= gatherBytes) await this.#flush()
  }

  async #flush(): Promise<void> {
    if (this.#gatheredBytes === 0) return
    const bytes = Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    await put(this.#into, bytes)
  }

  #pathOf(name: Buffer): Buffer {
    return Buffer.concat([this.#root, name])
  }
}

const zeros = Buffer.alloc(64 * 1024)

const padding = (size: number) => (blockBytes - (size % blockBytes)) % blockBytes

const headerOf = (type: string, name: Buffer, { mode, uid, gid, modified }: FileStatus): Header => ({
  name,
  type,
  size: 0,
  target: nothing,
  mode: mode & 0o7777,
  uid,
  gid,
  modified,
})

/** The header, with a pax header before it where it must be. */
function headerBytes(header: Header): Buffer {
  const records = recordsOf(header)
  if (records.length === 0) return block(header)
  const extended: Header = {
    ...header,
    type: type.extended,
    name: Buffer.from('pax'),
    target: nothing,
    size: records.length,
  }
  return Buffer.concat([block(extended), records, Buffer.alloc(padding(records.length)), block(header)])
}

function recordsOf({ name, target, size, uid, gid, modified: { seconds, nanoseconds } }: Header): Buffer {
  const values: [string, string | Buffer][] = []
  if (name.length > field.name[1]) values.push(['path', name])
  if (target.length > field.target[1]) values.push(['linkpath', target])
  if (values.some(([, value]) => !isUtf8(value as Buffer))) values.unshift(['hdrcharset', 'BINARY'])
  if (size > largest(field.size)) values.push(['size', String(size)])
  if (uid > largest(field.uid)) values.push(['uid', String(uid)])
  if (gid > largest(field.gid)) values.push(['gid', String(gid)])
  if (nanoseconds > 0 || seconds < 0) values.push(['mtime', decimal(seconds, nanoseconds)])
  return Buffer.concat(values.map(([key, value]) => record(key, Buffer.from(value))))
}

/** `30 mtime=1350244992.023960108\n`: its length counts its own digits. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')])
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

/** Nanoseconds count up from the second, also before 1970, where a decimal counts down. */
function decimal(seconds: number, nanoseconds: number): string {
  const isBelow = seconds < 0 && nanoseconds > 0
  const whole = isBelow ? Math.abs(seconds + 1) : Math.abs(seconds)
  const fraction = isBelow ? 1e9 - nanoseconds : nanoseconds
  return `${seconds < 0 ? '-' : ''}${whole}.${String(fraction).padStart(9, '0')}`
}

function block(header: Header): Buffer {
  const bytes = Buffer.alloc(blockBytes)
  header.name.subarray(0, field.name[1]).copy(bytes, field.name[0])
  header.target.subarray(0, field.target[1]).copy(bytes, field.target[0])
  octal(bytes, field.mode, header.mode)
  octal(bytes, field.uid, header.uid)
  octal(bytes, field.gid, header.gid)
  octal(bytes, field.size, header.size)
  octal(bytes, field.modified, header.modified.seconds)
  bytes.write(header.type, field.type[0], 'latin1')
  bytes.write('ustar\x0000', field.magic[0], 'latin1')
  bytes.fill(' ', field.checksum[0], field.checksum[0] + field.checksum[1])
  let sum = 0
  for (const byte of bytes) sum += byte
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, field.checksum[0], 'latin1')
  return bytes
}

/** Of a field with a NUL at its end. */
const largest = ([, length]: readonly [number, number]) => 8 ** (length - 1) - 1

/** What doesn't fit stands in a pax header. */
function octal(bytes: Buffer, place: readonly [number, number], value: number): void {
  const [start, length] = place
  const fitting = value < 0 || value > largest(place) ? 0 : value
  bytes.write(fitting.toString(8).padStart(length - 1, '0'), start, 'latin1')
}
