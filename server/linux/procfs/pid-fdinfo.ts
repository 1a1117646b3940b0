/** One open file, by /proc/PID/fdinfo/N. Source: seq_show(), fs/proc/fd.c. */
export interface FdInfo {
  offset: number
  /** The flags of open(2). */
  flags: number
  /** The mount it was opened through; those of pipes, sockets and the like are in no table of mounts. */
  mountId: number
  /** Since Linux 5.14. */
  inode: number | undefined
  /** What else the kernel says of it, a line each: `lock:\t…`, `tfd: …`, `eventfd-id: …`. */
  more: string
}

/**
 * ```
 * pos:	0
 * flags:	0100002
 * mnt_id:	24
 * ino:	3
 * lock:	1: POSIX  ADVISORY  WRITE 32198 fe:00:2146959 0 EOF
 * ```
 */
export function parseFdInfo(bytes: Buffer, length = bytes.length): FdInfo {
  let at = 0
  const next = (base: number): number => {
    while (at < length && !isDigit(bytes[at]!)) at++
    let value = 0
    for (; at < length && isDigit(bytes[at]!); at++) value = value * base + bytes[at]! - zero
    return value
  }
  const offset = next(10)
  const flags = next(8)
  const mountId = next(10)
  const inode = bytes[at + 1] === letterI ? next(10) : undefined
  return { offset, flags, mountId, inode, more: at + 1 < length ? bytes.toString('latin1', at + 1, length) : '' }
}

const zero = 0x30
const letterI = 0x69
const isDigit = (byte: number) => byte >= zero && byte <= 0x39

/** r, w or u for both; null where it was opened as a mere path (O_PATH), or for neither. */
export type Access = 'r' | 'w' | 'u' | null

const pathOnly = 0o10000000

export function accessOf(flags: number): Access {
  if (flags & pathOnly) return null
  return (['r', 'w', 'u'] as const)[flags & 3] ?? null
}

/** A lock of lsof(8): R or r for a shared one on the whole file or a part, W or w for an exclusive one; undefined without. */
export type Lock = 'R' | 'r' | 'W' | 'w'

/** `lock:\t1: FLOCK  ADVISORY  WRITE 32198 fe:00:2146932 0 EOF`: of several the strongest. */
export function lockOf(more: string): Lock | undefined {
  if (!more.includes('lock:')) return undefined
  const locks = [...more.matchAll(/^lock:.* (READ|WRITE) +-?\d+ \S+ (\d+) (\S+)$/gm)].map(
    ([, kind, start, end]): Lock => {
      const isWhole = start === '0' && end === 'EOF'
      return kind === 'WRITE' ? (isWhole ? 'W' : 'w') : isWhole ? 'R' : 'r'
    },
  )
  return (['W', 'w', 'R', 'r'] as const).find(lock => locks.includes(lock))
}
