import type { Linux } from '../linux.ts'

export interface Mount {
  /** Unique over all mount namespaces while it lives, so it tells namespaces apart where ns/mnt is denied. */
  id: number
  /** `major:minor` of the file system. */
  device: string
  /** Which directory of the source filesystem is mounted: for a bind mount, the path on the node. */
  root: string
  mountPoint: string
  /** Of the mount itself: `ro,nosuid,relatime`. */
  options: string
  fsType: string
  superOptions: string
}

/**
 * Readable without ptrace rights, unlike ns/mnt. Source: show_mountinfo(), fs/proc_namespace.c.
 * `361 309 254:0 /var/lib/kubelet/pods/426a…/containers/debug/9a688309 /dev/termination-log rw,relatime - ext4 /dev/vda rw`
 */
export function parsePidMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap(line => {
    const words = line.split(' ')
    const dash = words.indexOf('-', 6)
    if (dash < 0) return []
    const [id, , device = '', root = '', mountPoint = '', options = ''] = words
    return [
      {
        id: Number(id),
        device,
        root: unescapePath(root),
        mountPoint: unescapePath(mountPoint),
        options,
        fsType: words[dash + 1] ?? '',
        superOptions: words[dash + 3] ?? '',
      },
    ]
  })
}

export const readPidMountinfo = (linux: Linux, pid: number | 'self') =>
  parsePidMountinfo(linux.read(`/proc/${pid}/mountinfo`).toString('utf8'))

/** A whole line of mountinfo. Paths, source and options may be any bytes: Latin-1, each character one byte. */
export interface MountEntry extends Mount {
  parentId: number
  /** `shared:7`, `master:3`, `propagate_from:2`, `unbindable`. */
  propagation: string[]
  source: string
}

export function parseMountEntries(bytes: Buffer): MountEntry[] {
  const entries: MountEntry[] = []
  for (const line of bytes.toString('latin1').split('\n')) {
    const words = line.split(' ')
    const dash = words.indexOf('-', 6)
    if (dash < 0) continue
    entries.push({
      id: Number(words[0]),
      parentId: Number(words[1]),
      device: words[2]!,
      root: unescapePath(words[3]!),
      mountPoint: unescapePath(words[4]!),
      options: words[5]!,
      propagation: words.slice(6, dash),
      fsType: unescapePath(words[dash + 1] ?? ''),
      source: unescapePath(words[dash + 2] ?? ''),
      superOptions: unescapePath(words[dash + 3] ?? ''),
    })
  }
  return entries
}

/** Space, tab, newline and backslash stand as three octal digits: mangle(), fs/proc_namespace.c. */
const unescapePath = (path: string) =>
  !path.includes('\\')
    ? path
    : path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
