import type { BigIntStats } from 'node:fs'

export type FileType = 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'character' | 'block'

/** A special file in a word of its own; the others as they are called. */
export const typeWord = (type: FileType): string =>
  type === 'fifo' ? 'pipe' : type === 'block' || type === 'character' ? 'device' : type

/** Since 1970; seconds are below zero for what is older. */
export interface Moment {
  seconds: number
  nanoseconds: number
}

/** To the millisecond. */
export const dateOf = ({ seconds, nanoseconds }: Moment): Date =>
  new Date(seconds * 1000 + Math.floor(nanoseconds / 1e6))

/** struct statx, 256 bytes. include/uapi/linux/stat.h */
export const statusBytes = 256
const at = {
  mask: 0,
  blockSize: 4,
  links: 16,
  uid: 20,
  gid: 24,
  mode: 28,
  inode: 32,
  size: 40,
  blocks: 48,
  accessed: 64,
  born: 80,
  changed: 96,
  modified: 112,
  specialMajor: 128,
  deviceMajor: 136,
  mount: 144,
} as const

const mask = { basic: 0x7ff, born: 0x800, mount: 0x1000 } as const
/** What is asked of statx(2). */
export const statusMask = mask.basic | mask.born | mask.mount

/** S_IFMT, inode(7). */
const types = new Map<number, FileType>([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'link'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
  [0o020000, 'character'],
  [0o060000, 'block'],
])

/**
 * What statx(2) tells, kept as the kernel wrote it and read when asked: a listing makes one for each entry. Source: statx(2).
 */
export class FileStatus {
  readonly #bytes: DataView
  readonly #start: number

  constructor(bytes: DataView, start = 0) {
    this.#bytes = bytes
    this.#start = start
  }

  /** All 16 bits: type and permissions. */
  get mode(): number {
    return this.#bytes.getUint16(this.#start + at.mode, true)
  }

  get type(): FileType {
    return types.get(this.mode & 0o170000) ?? 'file'
  }

  get links(): number {
    return this.#word(at.links)
  }

  get uid(): number {
    return this.#word(at.uid)
  }

  get gid(): number {
    return this.#word(at.gid)
  }

  get inode(): bigint {
    return this.#bytes.getBigUint64(this.#start + at.inode, true)
  }

  /** In bytes; exact up to 8 PiB. */
  get size(): number {
    return this.#long(at.size)
  }

  /** Of 512 bytes, whatever `blockSize` says. */
  get blocks(): number {
    return this.#long(at.blocks)
  }

  /** What the file system likes to be read in, in bytes. */
  get blockSize(): number {
    return this.#word(at.blockSize)
  }

  /** Of the file system. */
  get device(): { major: number; minor: number } {
    return { major: this.#word(at.deviceMajor), minor: this.#word(at.deviceMajor + 4) }
  }

  /** Which device a special file stands for. */
  get special(): { major: number; minor: number } {
    return { major: this.#word(at.specialMajor), minor: this.#word(at.specialMajor + 4) }
  }

  /** As in mountinfo; undefined before Linux 5.8, and where file systems are asked by threads (see Calls). */
  get mountId(): number | undefined {
    return this.#has(mask.mount) ? this.#long(at.mount) : undefined
  }

  get accessed(): Moment {
    return this.#moment(at.accessed)
  }

  /** Of the content. */
  get modified(): Moment {
    return this.#moment(at.modified)
  }

  /** Of what stands here: mode, owner, links. */
  get changed(): Moment {
    return this.#moment(at.changed)
  }

  /** undefined where the file system doesn't know it. */
  get born(): Moment | undefined {
    return this.#has(mask.born) ? this.#moment(at.born) : undefined
  }

  /** A file that holds less than it says; its holes read as zeros. Also one that was compressed. */
  get isSparse(): boolean {
    return this.holeBytes > this.blockSize
  }

  /** How many bytes of a file have no place on the disk. */
  get holeBytes(): number {
    return this.type === 'file' ? Math.max(0, this.size - this.blocks * 512) : 0
  }

  isSame(other: FileStatus): boolean {
    return this.inode === other.inode && this.deviceNumber === other.deviceNumber
  }

  /** Both numbers of `device` in one; with `inode` it names a file. */
  get deviceNumber(): number {
    return this.#word(at.deviceMajor) * 2 ** 32 + this.#word(at.deviceMajor + 4)
  }

  #has(bit: number): boolean {
    return (this.#word(at.mask) & bit) !== 0
  }

  #word(offset: number): number {
    return this.#bytes.getUint32(this.#start + offset, true)
  }

  #long(offset: number): number {
    return this.#word(offset + 4) * 2 ** 32 + this.#word(offset)
  }

  #moment(offset: number): Moment {
    const high = this.#bytes.getInt32(this.#start + offset + 4, true)
    return { seconds: high * 2 ** 32 + this.#word(offset), nanoseconds: this.#word(offset + 8) }
  }
}

/** What Node tells of a file, in the shape that the kernel has for it. */
export function statusOfStats(stats: BigIntStats): FileStatus {
  const bytes = new DataView(new ArrayBuffer(statusBytes))
  const word = (offset: number, value: bigint | number) => bytes.setUint32(offset, Number(value), true)
  const moment = (offset: number, nanoseconds: bigint) => {
    const past = ((nanoseconds % billion) + billion) % billion
    bytes.setBigInt64(offset, (nanoseconds - past) / billion, true)
    word(offset + 8, past)
  }
  const device = (offset: number, number: bigint) => {
    word(offset, ((number >> 8n) & 0xfffn) | ((number >> 32n) & 0xfffff000n))
    word(offset + 4, (number & 0xffn) | ((number >> 12n) & 0xffffff00n))
  }
  const hasBirth = stats.birthtimeNs > 0n
  word(at.mask, hasBirth ? mask.basic | mask.born : mask.basic)
  word(at.blockSize, stats.blksize)
  word(at.links, stats.nlink)
  word(at.uid, stats.uid)
  word(at.gid, stats.gid)
  bytes.setUint16(at.mode, Number(stats.mode), true)
  bytes.setBigUint64(at.inode, stats.ino, true)
  bytes.setBigUint64(at.size, stats.size, true)
  bytes.setBigUint64(at.blocks, stats.blocks, true)
  moment(at.accessed, stats.atimeNs)
  moment(at.modified, stats.mtimeNs)
  moment(at.changed, stats.ctimeNs)
  if (hasBirth) moment(at.born, stats.birthtimeNs)
  device(at.deviceMajor, stats.dev)
  device(at.specialMajor, stats.rdev)
  return new FileStatus(bytes)
}

const billion = 1_000_000_000n
