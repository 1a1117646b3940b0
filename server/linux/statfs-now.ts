import { checked, openLibc, pinned } from './libc.ts'

/** struct statfs of 64-bit architectures, in bytes; what Node leaves out stands at its end. statfs(2). */
const statfsBytes = 120
const at = { id: 56, nameMaximum: 64, fragmentSize: 72 } as const

export interface FileSystemMore {
  /** f_fsid, hexadecimal as stat(1) shows it. */
  id: string
  nameMaximum: number
  fragmentSizeBytes: number
}

/** What Node's statfs() doesn't tell, of what is open; undefined where libc can't be called. The thread waits for it: see mayHang(). */
export async function statfsNow(descriptor: number): Promise<FileSystemMore | undefined> {
  const libc = await openLibc().catch(() => undefined)
  if (!libc) return undefined
  const bytes = pinned(statfsBytes)
  const call = libc.func<(fd: number, bytes: Buffer) => number>('int fstatfs(int, void *)')
  checked(libc, 'fstatfs', call(descriptor, bytes))
  const id = (BigInt(bytes.readUInt32LE(at.id)) << 32n) | BigInt(bytes.readUInt32LE(at.id + 4))
  return {
    id: id.toString(16),
    nameMaximum: Number(bytes.readBigInt64LE(at.nameMaximum)),
    fragmentSizeBytes: Number(bytes.readBigInt64LE(at.fragmentSize)),
  }
}
