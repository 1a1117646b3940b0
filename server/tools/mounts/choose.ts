import { ToolError } from '../../core/errors.ts'
import type { MountTree } from '../../linux/mounts/mount-tree.ts'
import type { MountEntry } from '../../linux/procfs/pid-mountinfo.ts'
import { isRemote } from './kind.ts'
import type { MountsInput } from './schema.ts'

/** Those that the input asks for, in the kernel's order. `holders` are the ids of those that hold the named paths. */
export function choose(tree: MountTree, input: MountsInput, holders: ReadonlySet<number> | undefined): MountEntry[] {
  const tests = testsOf(input)
  const matching = tree.entries.filter(entry => (!holders || holders.has(entry.id)) && tests.every(test => test(entry)))
  const chosen = input.first ? matching.slice(0, 1) : matching
  return input.submounts ? withSubmounts(tree, chosen) : chosen
}

type Test = (entry: MountEntry) => boolean

function testsOf({ types, excludeTypes, local, find, source, mountPoint, options, fileSystems }: MountsInput): Test[] {
  const tests: Test[] = []
  if (types) tests.push(({ fsType }) => types.includes(fsType))
  if (excludeTypes) tests.push(({ fsType }) => !excludeTypes.includes(fsType))
  if (local) tests.push(entry => !isRemote(entry))
  if (source !== undefined) tests.push(isFrom(source))
  if (mountPoint !== undefined) tests.push(isOn(mountPoint))
  if (find !== undefined) tests.push(either(isFrom(find), isOn(find)))
  if (options) tests.push(entry => options.every(option => hasOption(entry, option)))
  if (fileSystems !== 'all') tests.push(isAmong(fileSystems))
  return tests
}

const either =
  (one: Test, other: Test): Test =>
  entry =>
    one(entry) || other(entry)

function isFrom(word: string): Test {
  if (/^(LABEL|UUID|PARTUUID|PARTLABEL)=/.test(word))
    throw new ToolError('unsupported', `source: ${word.split('=')[0]} stands in the device itself, which is not read`, {
      remedy: 'name the device, or its major:minor',
    })
  const source = Buffer.from(word).toString('latin1')
  return entry => entry.source === source || entry.device === source
}

function isOn(word: string): Test {
  const path = Buffer.from(word.replace(/(?<=.)\/+$/, '')).toString('latin1')
  return entry => entry.mountPoint === path
}

/** As mnt_match_options() of libmount: `noNAME` is met where NAME isn't set, `+noNAME` where an option is of that very name. */
function hasOption({ options, superOptions }: MountEntry, wanted: string): boolean {
  const set = [...options.split(','), ...superOptions.split(',')]
  const isSet = (option: string) => {
    if (option === 'rw') return !set.includes('ro')
    return set.some(one => one === option || (!option.includes('=') && one.startsWith(`${option}=`)))
  }
  if (wanted.startsWith('+')) return isSet(wanted.slice(1))
  return wanted.startsWith('no') ? !isSet(wanted.slice(2)) : isSet(wanted)
}

/** mnt_fs_is_pseudofs() of libmount 2.38, libmount/src/utils.c. */
const pseudo = new Set(
  `anon_inodefs autofs bdev binder binfmt_misc bpf cgroup cgroup2 configfs cpuset debugfs devfs devpts devtmpfs dlmfs dmabuf drm
  efivarfs fuse fuse.archivemount fuse.avfsd fuse.dumpfs fuse.encfs fuse.gvfs-fuse-daemon fuse.gvfsd-fuse fuse.lxcfs
  fuse.rofiles-fuse fuse.vmware-vmblk fuse.xwmfs fusectl hugetlbfs ipathfs mqueue nfsd none nsfs overlay pipefs proc pstore ramfs
  resctrl rootfs rpc_pipefs securityfs selinuxfs smackfs sockfs spufs sysfs tmpfs tracefs vboxsf virtiofs`.split(/\s+/),
)

function isAmong(which: 'real' | 'pseudo' | 'df'): Test {
  if (which === 'pseudo') return ({ fsType }) => pseudo.has(fsType)
  return ({ fsType }) => !pseudo.has(fsType) || (which === 'df' && fsType.includes('tmpfs'))
}

function withSubmounts(tree: MountTree, chosen: readonly MountEntry[]): MountEntry[] {
  const above = tree.nearestAbove(chosen)
  const own = new Set(chosen)
  return tree.entries.filter(entry => own.has(entry) || above(entry) !== undefined)
}
