import { expect, test } from 'vitest'
import type { Linux } from '../../../server/linux/linux.ts'
import { Findings } from '../../../server/tools/mounts/findings.ts'
import type { MountEvent, Space } from '../../../server/tools/mounts/schema.ts'
import { spaceOf } from '../../../server/tools/mounts/space.ts'
import { fixtureLinux } from '../../fixture-linux.ts'
import { runMounts } from './run-mounts.ts'

const pod = fixtureLinux('proc/web-dbg-general')

test("a pod's mounts are named by what they are to it", async () => {
  const { at, summary, outcome } = await runMounts(pod, { target: '1' })
  expect(at('/')).toMatchObject({ kind: 'root', fsType: 'overlay', lowerLayers: 1, path: '/proc/1/root/' })
  expect(at('/')?.upperDirectory).toMatch(/\/snapshots\/9\/fs$/)
  expect(at('/data')).toMatchObject({ kind: 'emptyDir', volume: 'data', source: '/dev/vda', readOnly: false })
  expect(at('/etc/hosts')).toMatchObject({ kind: 'podFile' })
  expect(at('/etc/hostname')).toMatchObject({ kind: 'podFile' })
  expect(at('/dev/termination-log')).toMatchObject({ kind: 'podFile' })
  expect(at('/dev/shm')).toMatchObject({ kind: 'memory' })
  expect(at('/var/run/secrets/kubernetes.io/serviceaccount')).toMatchObject({ kind: 'projected', readOnly: true })
  expect(at('/proc')).toMatchObject({ kind: 'kernel' })
  expect(at('/proc/sys')).toMatchObject({ kind: 'masked', readOnly: true })
  expect(at('/proc/keys')).toMatchObject({ kind: 'masked' })
  expect(at('/sys/fs/cgroup')).toMatchObject({ kind: 'memory' })
  expect(at('/sys/fs/cgroup/cpu')).toMatchObject({ kind: 'kernel', propagation: ['slave'], masterGroup: 6 })
  expect(summary).toMatchObject({ pid: 1, container: 'app', hung: 0, full: 0 })
  expect(outcome).toBe('positive')
})

test('where the root is denied the mounts are listed, and what is missing is said', async () => {
  const denied = fixtureLinux('proc/web-dbg-restricted')
  const lookAt: Linux['lookAt'] = () => Promise.reject(new Error('nothing is looked at'))
  const { summary, at } = await runMounts({ ...denied, lookAt }, { target: '6' })
  expect(at('/')).toMatchObject({ space: null, why: 'EACCES' })
  expect(summary.notSeen).toBe(summary.mounts)
  expect(summary.notes).toMatchObject([
    { what: 'space and inodes', why: expect.stringContaining('UID 0'), remedy: expect.stringContaining('SYS_PTRACE') },
  ])
  await expect(runMounts({ ...denied, lookAt }, { target: '6', paths: ['/data'] })).rejects.toMatchObject({
    code: 'not_permitted',
  })
})

const volumes = (root: string, mountPoint = '/v', fsType = 'ext4', source = '/dev/vda') =>
  listOf(`2 1 8:1 /var/lib/kubelet/pods/0a1b/volumes/${root} ${mountPoint} ro,relatime - ${fsType} ${source} rw`)

/** A machine of which only this list of mounts is known. */
const listOf = (...lines: string[]): Linux => ({
  read: () => Buffer.from(lines.join('\n')),
  peek: () => Buffer.alloc(0),
  readlink: () => '7',
  list: () => [],
})

test.each([
  ['kubernetes.io~configmap/settings', 'configMap', 'settings'],
  ['kubernetes.io~secret/password', 'secret', 'password'],
  ['kubernetes.io~projected/kube-api-access-x', 'projected', 'kube-api-access-x'],
  ['kubernetes.io~downward-api/labels', 'downwardAPI', 'labels'],
  ['kubernetes.io~empty-dir/cache/sub', 'emptyDir', 'cache'],
  ['kubernetes.io~csi/pvc-17/mount', 'persistentVolume', 'pvc-17'],
  ['kubernetes.io~local-volume/disk1', 'persistentVolume', 'disk1'],
])('%s is a volume of kind %s', async (root, kind, volume) => {
  const { at } = await runMounts(volumes(root))
  expect(at('/v')).toMatchObject({ kind, volume, readOnly: true })
})

test('what else of the node is mounted in a pod is a hostPath', async () => {
  const { at } = await runMounts(
    listOf(
      '2 1 8:1 /var/lib/kubelet/pods/0a1b2c3d-0000-4000-8000-000000000000/etc-hosts /etc/hosts rw - ext4 /dev/vda rw',
      '3 1 8:1 /var/log /host/log rw - ext4 /dev/vda rw',
    ),
  )
  expect(at('/host/log')).toMatchObject({ kind: 'hostPath', root: '/var/log' })
})

test('others are told by their types', async () => {
  const { at } = await runMounts(
    listOf(
      '2 1 0:1 / /nfs rw - nfs4 10.0.0.1:/export rw',
      '3 1 0:2 / /smb rw - cifs //host/share rw',
      '4 1 0:3 / /fuse rw - fuse.s3fs s3fs rw',
      '5 1 8:2 / /disk rw - xfs /dev/sdb rw',
      '6 1 8:1 /srv/data /host rw - ext4 /dev/sda rw',
      '7 1 0:4 / /run/ov rw - overlay overlay ro,lowerdir=/a:/b\\072c::/d',
    ),
  )
  const kinds = ['/nfs', '/smb', '/fuse', '/disk', '/host'].map(path => at(path)?.kind)
  expect(kinds).toEqual(['network', 'network', 'fuse', 'disk', 'bind'])
  expect(at('/run/ov')).toMatchObject({ lowerLayers: 4, upperDirectory: null })
})

const tree = listOf(
  '1 0 8:1 / / rw,relatime - ext4 /dev/sda rw,errors=remount-ro',
  '2 1 0:2 / /a rw,noexec - tmpfs one rw,size=64k',
  '3 2 0:3 / /a/b ro - tmpfs two rw',
  '4 1 8:1 /srv /c rw,nosuid - ext4 /dev/sda rw',
  '5 2 0:5 / /a rw - tmpfs over rw',
)

test('those asked for are listed, each with the nearest above it that is listed too', async () => {
  const ids = async (fields: object) => (await runMounts(tree, fields)).all('mount').map(({ id }) => id)
  expect(await ids({ types: ['tmpfs'] })).toEqual([2, 3, 5])
  expect(await ids({ excludeTypes: ['tmpfs'] })).toEqual([1, 4])
  expect(await ids({ source: '/dev/sda' })).toEqual([1, 4])
  expect(await ids({ source: '0:3' })).toEqual([3])
  expect(await ids({ mountPoint: '/a/' })).toEqual([2, 5])
  expect(await ids({ find: 'over' })).toEqual([5])
  expect(await ids({ find: '/c' })).toEqual([4])
  expect(await ids({ source: 'one', submounts: true })).toEqual([2, 3, 5])
  expect(await ids({ types: ['tmpfs'], first: true })).toEqual([2])
  expect(await ids({ options: ['ro'] })).toEqual([3])
  expect(await ids({ options: ['noro', 'size'] })).toEqual([2])
  expect(await ids({ options: ['+nosuid'] })).toEqual([4])
  expect(await ids({ fileSystems: 'real' })).toEqual([1, 4])
  const below = (await runMounts(tree, { types: ['ext4'] })).all('mount').map(({ listedBelow }) => listedBelow)
  expect(below).toEqual([null, 1])
  expect((await runMounts(tree, { source: 'nothing' })).outcome).toBe('negative')
  await expect(runMounts(tree, { source: 'UUID=1' })).rejects.toMatchObject({ code: 'unsupported' })
})

test('those that are covered say by which', async () => {
  const { all } = await runMounts(tree)
  expect(all('mount').map(({ id, coveredBy }) => [id, coveredBy])).toEqual([
    [1, null],
    [2, 5],
    [3, 5],
    [4, null],
    [5, null],
  ])
})

const space = (more: Partial<Record<keyof Parameters<typeof spaceOf>[0], bigint>>): Space =>
  spaceOf({
    type: 1n,
    bsize: 4096n,
    frsize: 0n,
    blocks: 1000n,
    bfree: 500n,
    bavail: 400n,
    files: 100n,
    ffree: 50n,
    ...more,
  })

test('space is counted as df counts it', () => {
  expect(space({})).toMatchObject({ sizeBytes: 4_096_000, usedPercent: 56, inodesUsedPercent: 50, blockBytes: 4096 })
  expect(space({ frsize: 512n })).toMatchObject({ sizeBytes: 512_000, availableBytes: 204_800 })
  expect(space({ bfree: 10n, bavail: -40n })).toMatchObject({ usedPercent: 105, availableBytes: -163_840 })
  expect(space({ blocks: 0n, bfree: 0n, bavail: 0n, files: 0n, ffree: 0n })).toMatchObject({
    usedPercent: null,
    inodesUsedPercent: null,
  })
})

test('a file system that is full is found once, however often it is mounted, unless nothing can be written there', async () => {
  const { at } = await runMounts(tree)
  const mount = at('/c')!
  const found = (changes: Partial<MountEvent>[]) => {
    const findings = new Findings()
    return changes.flatMap(change => findings.of({ ...mount, why: null, ...change })).map(({ finding }) => finding)
  }
  const full = space({ bfree: 20n, bavail: 20n })
  expect(found([{ space: full }, { space: full, mountPoint: '/d' }])).toEqual(['full'])
  expect(found([{ space: space({ bfree: 60n, bavail: 70n }) }])).toEqual([])
  expect(found([{ space: space({ ffree: 5n }) }])).toEqual(['inodes'])
  expect(found([{ space: full, readOnly: true }])).toEqual([])
  expect(found([{ space: full, superOptions: ['ro'] }])).toEqual([])
  expect(found([{ why: 'ENOTCONN' }, { why: 'ESTALE', device: '9:9' }, { why: 'EACCES', device: '9:8' }])).toEqual([
    'dead',
    'dead',
  ])
  expect(found([{ why: 'hung', hungMs: 2000 }])).toEqual(['hung'])
})
