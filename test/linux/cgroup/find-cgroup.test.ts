import { expect, test } from 'vitest'
import { findCgroup, pathBelow, placeOf } from '../../../server/linux/cgroup/find-cgroup.ts'
import type { Linux } from '../../../server/linux/linux.ts'
import { fixtureLinux } from '../../fixture-linux.ts'

test.each([
  ['/', '/', ''],
  ['/', '/a/b', 'a/b'],
  ['/a', '/a', ''],
  ['/a', '/a/b/c', 'b/c'],
  ['/a', '/ab', undefined],
  ['/a/b', '/a', undefined],
  ['/', '/../x', undefined],
  ['/../x', '/../x', ''],
  ['/../x', '/../x/y', 'y'],
  ['/..', '/../x', 'x'],
  ['/..', '/../../x', undefined],
  ['/..', '/..', ''],
  ['/..', '/', undefined],
])('below %s, %s is %s', (root, path, below) => {
  expect(pathBelow(root, path)).toBe(below)
})

test('on a node all hierarchies are found in our own mounts, with the levels above up to the root', () => {
  const places = findCgroup(fixtureLinux('cgroup/hybrid'), 700)
  expect(places.layout).toBe('hybrid')
  const memory = placeOf(places, 'memory')
  expect(memory?.directory).toMatch(/^\/sys\/fs\/cgroup\/memory\/tools\.slice\/docker-025d/)
  expect(memory?.above).toEqual([
    { path: '/tools.slice', directory: '/sys/fs/cgroup/memory/tools.slice' },
    { path: '/', directory: '/sys/fs/cgroup/memory' },
  ])
  expect(memory?.reachesRoot).toBe(true)
  expect(placeOf(places, 'cpuacct')?.directory).toContain('/sys/fs/cgroup/cpu,cpuacct/')
  expect(placeOf(places, 'hugetlb')?.version).toBe(2)
  expect(places.places.some(({ controllers }) => controllers.includes('name=systemd'))).toBe(false)
})

test('a container that has its own cgroup mounted is seen through its root, and nothing above it', () => {
  const memory = placeOf(findCgroup(fixtureLinux('cgroup/v1'), 1), 'memory')
  expect(memory).toMatchObject({
    directory: '/proc/1/root/sys/fs/cgroup/memory',
    above: [],
    reachesRoot: false,
    denial: null,
  })
})

test('a root that may not be entered is explained', () => {
  const { layout, places } = findCgroup(fixtureLinux('proc/web-dbg-restricted'), 6)
  expect(layout).toBe('v1')
  expect(new Set(places.map(({ directory }) => directory))).toEqual(new Set([null]))
  expect(placeOf({ layout, places }, 'memory')?.denial?.reason).toContain('without CAP_SYS_PTRACE')
})

test('a mount that something was mounted over is not looked into', () => {
  const linux = fixtureLinux('cgroup/v2')
  const covered: Linux = {
    ...linux,
    read: path =>
      path === '/proc/1/mountinfo'
        ? Buffer.concat([linux.read(path), Buffer.from('120 103 0:99 / /sys/fs/cgroup rw - fuse.hangs f rw\n')])
        : linux.read(path),
  }
  const [place] = findCgroup(covered, 1).places
  expect(place?.directory).toBeNull()
  expect(place?.denial?.reason).toContain('no cgroup filesystem')
})

test('a process that has vanished throws the error of the kernel', () => {
  expect(() => findCgroup(fixtureLinux('cgroup/v2'), 77)).toThrow('ENOENT')
})
