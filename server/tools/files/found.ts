import type { FileStatus, FileType, Moment } from '../../linux/root/status.ts'
import { type ByteText, baseName, shown, textFields } from './byte-text.ts'
import type { Naming } from './naming.ts'
import type { EntryFields } from './schema.ts'

/**
 * The event of one thing that was found. It is what the kernel told, read when it is asked for: a walk makes hundreds of
 * thousands, and most are shown by their path alone.
 */
export class Found {
  readonly type = 'entry'
  /** As it was come to: what was named, and the names below it. */
  readonly pathBytes: ByteText
  /** Below what was named: 0 is that itself. */
  readonly depth: number
  /** What was named, from which it was come to. */
  readonly startBytes: ByteText
  fileType: FileType | 'unknown'
  /** undefined where nobody needed it, or it could not be asked for: then `problem` tells why. */
  status: FileStatus | undefined
  problem: Error | undefined
  /** Where a link points, as it says. */
  linkTargetBytes: ByteText | undefined
  /** What a link leads to in the end; null: nothing that can be seen. */
  linkStatus: FileStatus | null | undefined
  /** Links lead to each other. */
  isCircle = false
  /** Of a folder, where it was asked for. */
  isEmpty: boolean | undefined
  /** Which actions of an expression were come to, in order; undefined where it has only the usual one. */
  actions: number[] | undefined
  readonly #naming: Naming
  readonly #name: ByteText | undefined

  constructor(naming: Naming, start: ByteText, path: ByteText, depth: number, type?: FileType, name?: ByteText) {
    this.#naming = naming
    this.startBytes = start
    this.pathBytes = path
    this.depth = depth
    this.fileType = type ?? 'unknown'
    this.#name = name
  }

  /** The last name of its path. */
  get nameBytes(): ByteText {
    return this.#name ?? baseName(this.pathBytes)
  }

  get path(): string {
    return shown(this.pathBytes)
  }

  get name(): string {
    return shown(this.nameBytes)
  }

  get isFolder(): boolean {
    return this.fileType === 'directory'
  }

  /** What was learned of it, which may be of what a link leads to. */
  know(status: FileStatus): void {
    this.status = status
    this.fileType = status.type
  }

  get user(): string | null {
    return this.status ? (this.#naming.users.get(this.status.uid) ?? null) : null
  }

  get group(): string | null {
    return this.status ? (this.#naming.groups.get(this.status.gid) ?? null) : null
  }

  /** What kind of file system it is on; null where no mount tells. */
  get fsType(): string | null {
    return this.status ? this.#naming.fsTypeOf(this.status) : null
  }

  /** Where its mount begins; null where the kernel doesn't tell. */
  get mountPoint(): string | null {
    return this.status ? this.#naming.mountPointOf(this.status) : null
  }

  toJSON(): EntryFields {
    const { type, depth, fileType, status, linkTargetBytes } = this
    return {
      type,
      ...textFields('path', this.pathBytes),
      ...textFields('name', this.nameBytes),
      depth,
      fileType,
      ...(status ? this.#statusFields(status) : {}),
      ...(linkTargetBytes === undefined ? {} : textFields('linkTarget', linkTargetBytes)),
    }
  }

  #statusFields(status: FileStatus) {
    const { special, device } = status
    const isDevice = status.type === 'character' || status.type === 'block'
    return {
      mode: (status.mode & 0o7777).toString(8).padStart(4, '0'),
      links: status.links,
      uid: status.uid,
      user: this.user,
      gid: status.gid,
      group: this.group,
      sizeBytes: status.size,
      allocatedBytes: status.blocks * 512,
      sparse: status.isSparse,
      inode: String(status.inode),
      fileSystem: `${device.major}:${device.minor}`,
      fsType: this.fsType,
      ...(isDevice ? { device: `${special.major}:${special.minor}` } : {}),
      accessedTime: timeOf(status.accessed),
      modifiedTime: timeOf(status.modified),
      changedTime: timeOf(status.changed),
      bornTime: timeOf(status.born),
    }
  }
}

/** ISO 8601 to the nanosecond; null for what the calendar of JavaScript doesn't reach. */
export function timeOf(moment: Moment | undefined): string | null {
  const date = moment && new Date(moment.seconds * 1000)
  if (!moment || !date || Number.isNaN(date.getTime())) return null
  return `${date.toISOString().slice(0, -5)}.${String(moment.nanoseconds).padStart(9, '0')}Z`
}
