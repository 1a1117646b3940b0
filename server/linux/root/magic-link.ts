import { statfs } from 'node:fs/promises'
import { PathError, type Step } from './walk.ts'

/** PROC_SUPER_MAGIC, include/uapi/linux/magic.h */
const procMagic = 0x9fa0

/**
 * RESOLVE_NO_MAGICLINKS of openat2(2): links of /proc that lead to an open thing rather than along a path. All others there are
 * relative (`self`, `mounts`, `net`), these are absolute or of the form `pipe:[123]`. Throws PathError ELOOP.
 */
export async function refuseMagicLink(link: Step, target: Buffer): Promise<void> {
  const text = target.toString('latin1')
  if (!text.startsWith('/') && !/^[\w:]+:\[?\w+\]?$/.test(text)) return
  const { type } = await statfs(`/proc/self/fd/${link.descriptor}`)
  if (type === procMagic) throw new PathError('ELOOP', 'a link of /proc to what a process holds')
}
