import type { MountEntry } from '../../linux/procfs/pid-mountinfo.ts'
import type { Kind } from './schema.ts'

/** What a mount is to a pod, and its volume's name. kubelet's and the runtimes' paths on the node tell it, as far as mountinfo shows them. */
export function kindOf(entry: MountEntry, isInPod: boolean): { kind: Kind; volume: string | null } {
  const plugin = /\/pods\/[^/]+\/volumes\/kubernetes\.io~([a-z-]+)\/([^/]+)/.exec(entry.root)
  if (plugin) return { kind: kindOfPlugin(plugin[1]!), volume: plugin[2]! }
  const kind = kindWithoutVolume(entry)
  return { kind: kind === 'bind' && isInPod ? 'hostPath' : kind, volume: null }
}

function kindOfPlugin(plugin: string): Kind {
  switch (plugin) {
    case 'configmap':
      return 'configMap'
    case 'secret':
      return 'secret'
    case 'projected':
      return 'projected'
    case 'downward-api':
      return 'downwardAPI'
    case 'empty-dir':
      return 'emptyDir'
    default:
      return 'persistentVolume'
  }
}

function kindWithoutVolume(entry: MountEntry): Kind {
  const { root, mountPoint, fsType } = entry
  if (mountPoint === '/') return 'root'
  if (isPodFile(entry)) return 'podFile'
  if (isMasked(entry)) return 'masked'
  if (kernelTypes.has(fsType)) return 'kernel'
  // Its volume is a tmpfs of its own, whose root says nothing.
  if (mountPoint.endsWith('/secrets/kubernetes.io/serviceaccount')) return 'projected'
  if (isRemote(entry)) return 'network'
  if (fsType === 'fuse' || fsType.startsWith('fuse.') || fsType === 'fuseblk') return 'fuse'
  if (fsType === 'tmpfs' || fsType === 'ramfs' || fsType === 'devtmpfs') return 'memory'
  return root === '/' ? 'disk' : 'bind'
}

const kernelTypes = new Set(
  `autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts efivarfs fusectl hugetlbfs mqueue nsfs proc pstore rpc_pipefs
  securityfs selinuxfs sysfs tracefs`.split(/\s+/),
)

const isPodFile = ({ root, mountPoint }: MountEntry) =>
  /\/pods\/[^/]+\/(containers\/[^/]+\/|etc-hosts$)/.test(root) ||
  (/^\/etc\/(hosts|hostname|resolv\.conf)$/.test(mountPoint) && root !== '/') ||
  mountPoint === '/run/.containerenv'

/** What runtimes lay over /proc and /sys: empty, or read-only. */
const isMasked = ({ mountPoint, fsType, root }: MountEntry) =>
  /^\/(proc|sys)\/./.test(mountPoint) &&
  ((fsType === 'proc' && root !== '/') ||
    ((fsType === 'tmpfs' || fsType === 'devtmpfs') && !mountPoint.startsWith('/sys/fs/')))

/** Somebody far away answers for it: ME_REMOTE of gnulib's mountlist.c. */
export function isRemote({ source, fsType }: Pick<MountEntry, 'source' | 'fsType'>): boolean {
  if (source.includes(':') || source === '-hosts') return true
  if (source.startsWith('//')) return ['smbfs', 'smb3', 'cifs'].includes(fsType)
  return ['acfs', 'afs', 'coda', 'auristorfs', 'fhgfs', 'gpfs', 'ibrix', 'ocfs2', 'vxfs'].includes(fsType)
}

/** Layers of an overlay: the lower ones, and where it is written to. fs/overlayfs/params.c */
export function overlayOf({ fsType, superOptions }: MountEntry): {
  lowerLayers: number | null
  upperDirectory: string | null
} {
  if (fsType !== 'overlay') return { lowerLayers: null, upperDirectory: null }
  const options = superOptions.split(',')
  const value = (name: string) =>
    options.filter(option => option.startsWith(name)).map(option => option.slice(name.length))
  const lower = value('lowerdir=').flatMap(list => list.split(/(?<!\\):+/))
  const added = [...value('lowerdir+='), ...value('datadir+=')]
  return { lowerLayers: lower.length + added.length, upperDirectory: value('upperdir=')[0] ?? null }
}
