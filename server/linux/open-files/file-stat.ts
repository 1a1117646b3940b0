import { type Libc, pinned } from '../libc.ts'

/** What stat(2) tells of a file, as far as a list of open files shows it. */
export interface FileStat {
  /** Type and permission bits. */
  mode: number
  links: number
  inode: number
  sizeBytes: number
  /** What it takes on the disk or in memory: less than its size where it is sparse. */
  allocatedBytes: number
  /** `254,0`: major and minor number of what it lies on. */
  device: string
  /** `1,3`: of what a device file stands for. */
  rdev: string
}

/** Stats what a path leads to. `path` is a string, or the address of one that ends with NUL; the number is a directory's descriptor. */
export interface Stat {
  byName(directory: number, address: number): FileStat | undefined
  byPath(path: string): FileStat | undefined
}

/** struct statx, include/uapi/linux/stat.h. */
const structBytes = 256
/** STATX_BASIC_STATS. */
const basicStats = 0x7ff
/** AT_STATX_DONT_SYNC, AT_NO_AUTOMOUNT: what is cached will do, and nothing is mounted because somebody looks. */
const flags = 0x4000 | 0x800
const currentDirectory = -100

/** statx(2) into one buffer: no exceptions and no string where thousands of descriptors are looked at. */
export function openStat(libc: Libc): Stat {
  const calls = callsOf(libc)
  const bytes = pinned(structBytes)
  const address = Number(libc.address(bytes))
  return {
    byName: (directory, name) =>
      calls.byAddress(directory, name, flags, basicStats, address) === 0 ? read(bytes) : undefined,
    byPath: path => (calls.byPath(currentDirectory, path, flags, basicStats, address) === 0 ? read(bytes) : undefined),
  }
}

const read = (bytes: Buffer): FileStat => ({
  links: bytes.readUInt32LE(16),
  mode: bytes.readUInt16LE(28),
  inode: readUInt64(bytes, 32),
  sizeBytes: readUInt64(bytes, 40),
  allocatedBytes: readUInt64(bytes, 48) * 512,
  rdev: `${bytes.readUInt32LE(128)},${bytes.readUInt32LE(132)}`,
  device: `${bytes.readUInt32LE(136)},${bytes.readUInt32LE(140)}`,
})

/** Exact up to 2^53. */
const readUInt64 = (bytes: Buffer, at: number) => bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000

let declared: ReturnType<typeof declare> | undefined
const callsOf = (libc: Libc) => {
  declared ??= declare(libc)
  return declared
}

type Call<Path> = (directory: number, path: Path, flags: number, mask: number, address: number) => number

const declare = ({ func }: Libc) => ({
  byAddress: func<Call<number>>('int statx(int, uintptr_t, int, unsigned int, uintptr_t)'),
  byPath: func<Call<string>>('int statx(int, const char *, int, unsigned int, uintptr_t)'),
})

/** The type in a mode, as lsof(8) calls it. */
export const kindOfMode = (mode: number): string => kinds[mode >> 12] ?? 'unknown'

const kinds: Record<number, string> = { 1: 'FIFO', 2: 'CHR', 4: 'DIR', 6: 'BLK', 8: 'REG', 10: 'LINK', 12: 'sock' }
