import { BrokenDatabase, type InstalledPackage } from '../package.ts'

/** Numbers of what a header holds. Source: include/rpm/rpmtag.h. */
const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  summary: 1004,
  installTime: 1008,
  size: 1009,
  arch: 1022,
  oldFilenames: 1027,
  sourceRpm: 1044,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  longSize: 5009,
}

const types = { int32: 4, int64: 5, string: 6, stringArray: 8, i18nString: 9 }
const entryBytes = 16

interface Entry {
  type: number
  offset: number
  count: number
}

/**
 * A package's header as rpm's databases hold it: how many entries and how many bytes of data, 32 bits each, the entries (tag, type,
 * offset, count), the data; big-endian all. Throws BrokenDatabase where these don't fit into the blob. Source: lib/header.c.
 */
export class RpmHeader {
  readonly #entries = new Map<number, Entry>()
  readonly #data: Buffer

  constructor(blob: Buffer) {
    if (blob.length < 8) throw new BrokenDatabase('a header of less than 8 bytes')
    const count = blob.readUInt32BE(0)
    const dataBytes = blob.readUInt32BE(4)
    const dataAt = 8 + count * entryBytes
    if (count === 0 || dataAt + dataBytes > blob.length)
      throw new BrokenDatabase(`a header of ${count} entries and ${dataBytes} bytes in ${blob.length} bytes`)
    this.#data = blob.subarray(dataAt, dataAt + dataBytes)
    for (let at = 8; at < dataAt; at += entryBytes) {
      const [tag, type] = [blob.readUInt32BE(at), blob.readUInt32BE(at + 4)]
      this.#entries.set(tag, { type, offset: blob.readUInt32BE(at + 8), count: blob.readUInt32BE(at + 12) })
    }
  }

  /** All strings of a tag; of an i18n string the untranslated one comes first. */
  strings(tag: number): string[] {
    const entry = this.#entries.get(tag)
    if (!entry || ![types.string, types.stringArray, types.i18nString].includes(entry.type)) return []
    const found: string[] = []
    for (let at = entry.offset; found.length < entry.count && at < this.#data.length; ) {
      const end = this.#data.indexOf(0, at)
      if (end < 0) break
      found.push(this.#data.toString('utf8', at, end))
      at = end + 1
    }
    return found
  }

  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag)
    if (!entry || (entry.type !== types.int32 && entry.type !== types.int64)) return []
    const width = entry.type === types.int64 ? 8 : 4
    const fitting = Math.max(0, Math.floor((this.#data.length - entry.offset) / width))
    return Array.from({ length: Math.min(entry.count, fitting) }, (_, at) => {
      const offset = entry.offset + at * width
      return width === 8 ? Number(this.#data.readBigUInt64BE(offset)) : this.#data.readUInt32BE(offset)
    })
  }
}

/** Throws BrokenDatabase for a header without a name: a key or a remnant is none. */
export function packageOfHeader(header: RpmHeader): InstalledPackage {
  const text = (tag: number) => header.strings(tag)[0]
  const number = (tag: number) => header.numbers(tag)[0]
  const name = text(tags.name)
  if (!name) throw new BrokenDatabase('a header without a name')
  const epoch = number(tags.epoch)
  const installed = number(tags.installTime)
  return {
    name,
    version: `${epoch ? `${epoch}:` : ''}${text(tags.version) ?? ''}-${text(tags.release) ?? ''}`,
    architecture: text(tags.arch) ?? null,
    sizeBytes: number(tags.longSize) ?? number(tags.size) ?? null,
    source: sourceName(text(tags.sourceRpm), name),
    installTime: installed === undefined ? null : new Date(installed * 1000).toISOString(),
    summary: text(tags.summary) ?? '',
    state: 'installed',
    selection: null,
    multiArch: null,
  }
}

/** `bash-5.2.26-3.fc40.src.rpm`; null where it is the package's own name. */
function sourceName(file: string | undefined, name: string): string | null {
  const source = file && /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(file)?.[1]
  return source && source !== name ? source : null
}

/** Whether a package brought this absolute path; files stand as directories, base names, and which of the former each is in. */
export function headerHasFile(header: RpmHeader, path: string): boolean {
  const slash = path.lastIndexOf('/') + 1
  const directory = header.strings(tags.dirNames).indexOf(path.slice(0, slash))
  if (directory >= 0) {
    const name = path.slice(slash)
    const indexes = header.numbers(tags.dirIndexes)
    if (header.strings(tags.baseNames).some((base, at) => base === name && indexes[at] === directory)) return true
  }
  return header.strings(tags.oldFilenames).includes(path)
}
