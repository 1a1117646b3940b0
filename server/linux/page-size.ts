import { errnoOf, type Linux } from './linux.ts'

/** AT_PAGESZ, include/uapi/linux/auxvec.h. */
const pageSizeKey = 6n
const commonPageSize = 4096

/** Bytes of a page of memory: 4 KiB on x86, up to 64 KiB on arm64. Read of ourselves, as /proc counts pages without saying how long they are. */
export function readPageSize(linux: Linux): number {
  const pairs = auxiliaryVector(linux)
  for (let at = 0; at + 16 <= pairs.length; at += 16)
    if (pairs.readBigUInt64LE(at) === pageSizeKey) return Number(pairs.readBigUInt64LE(at + 8))
  return commonPageSize
}

function auxiliaryVector(linux: Linux): Buffer {
  try {
    return linux.read('/proc/self/auxv')
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return Buffer.alloc(0)
  }
}
