import type { MountEvent } from './schema.ts'

/** No file systems to the eye of gnulib's mountlist.c, ME_DUMMY: shown by -a alone, or when named. */
const dummies = new Set([
  'autofs',
  'proc',
  'subfs',
  'debugfs',
  'devpts',
  'fusectl',
  'fuse.portal',
  'mqueue',
  'rpc_pipefs',
  'sysfs',
  'devfs',
  'kernfs',
  'ignore',
  'none',
])

export const isDummy = ({ fsType }: MountEvent) => dummies.has(fsType)

/** Those that df shows of all mounts, each file system once: filter_mount_list() and get_dev(), src/df.c of coreutils 9. */
export function dfMounts(
  mounts: readonly MountEvent[],
  { all, total }: { all: boolean; total: boolean },
): MountEvent[] {
  if (all) return [...mounts]
  const shown = new Set<MountEvent>()
  const byDevice = new Map<string, MountEvent>()
  for (const mount of mounts) {
    if (isDummy(mount) || mount.coveredBy !== null || isHidden(mount)) continue
    const known = byDevice.get(mount.device)
    if (known && !areApart(known, mount, total)) {
      if (!replaces(mount, known)) continue
      shown.delete(known)
    }
    byDevice.set(mount.device, mount)
    shown.add(mount)
  }
  return [...shown].filter(({ space }) => !space || space.blocks > 0)
}

/** df says nothing of what it may not see. */
const isHidden = ({ why }: MountEvent) => why === 'EACCES' || why === 'ENOENT'

/** Remote ones that were mounted from different places were meant to be two. */
const areApart = (known: MountEvent, mount: MountEvent, total: boolean) =>
  !total && known.remote && mount.remote && known.source !== mount.source

function replaces(mount: MountEvent, known: MountEvent): boolean {
  if (mount.source.includes('/') && !known.source.includes('/')) return true
  const isNearerRoot = known.mountPoint.length > mount.mountPoint.length
  const isBelowRoot = known.root.length < mount.root.length
  return (isNearerRoot && !isBelowRoot) || (known.source !== mount.source && known.mountPoint === mount.mountPoint)
}
