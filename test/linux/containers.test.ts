import { expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { ContainerFinder } from '../../server/linux/containers.ts'
import { readPidStat } from '../../server/linux/procfs/pid-stat.ts'
import { readPidStatus } from '../../server/linux/procfs/pid-status.ts'
import { findTarget, listContainers } from '../../server/linux/target.ts'
import { fixtureLinux } from '../fixture-linux.ts'

/** Each pid's container as `kind name runtime`, with the evidence. */
function containersIn(name: string, pids: number[]): Record<number, string> {
  const linux = fixtureLinux(`proc/${name}`)
  const finder = new ContainerFinder(linux, 0)
  const found = pids.map(pid => {
    const { pidNamespaceDepth } = readPidStatus(linux, pid)
    return [pid, finder.find(readPidStat(linux, pid), pidNamespaceDepth)] as const
  })
  finder.finish()
  return Object.fromEntries(
    found.map(([pid, { kind, name, runtime, evidence }]) => [pid, `${kind} ${name} ${runtime} by ${evidence}`]),
  )
}

test('beside a target, its containers have the names of the pod, and our own is marked', () => {
  expect(containersIn('web-dbg-general', [1, 6, 12, 46])).toEqual({
    1: 'container app containerd by cgroup',
    6: 'self dbg-general containerd by cgroup',
    12: 'container dbg-restricted containerd by cgroup',
    46: 'self dbg-general containerd by cgroup',
  })
})

test('without rights over a neighbour it is found all the same', () => {
  expect(containersIn('web-dbg-restricted', [1, 6, 12, 255])).toEqual({
    1: 'container app containerd by cgroup',
    6: 'container dbg-general containerd by cgroup',
    12: 'self dbg-restricted containerd by cgroup',
    255: 'self dbg-restricted containerd by cgroup',
  })
})

test('alone in its pid namespace, pid 1 is ourselves and never taken for a target', () => {
  expect(containersIn('web-dbg-notarget', [1, 21])).toEqual({
    1: 'self dbg-notarget containerd by cgroup',
    21: 'self dbg-notarget containerd by cgroup',
  })
})

test('in a pod with a shared pid namespace, pid 1 is the pause container', () => {
  expect(containersIn('shared-debug', [1, 8, 14, 20])).toEqual({
    1: 'pause null containerd by cgroup',
    8: 'container app containerd by cgroup',
    14: 'self debug containerd by cgroup',
    20: 'self debug containerd by cgroup',
  })
})

test('where the cgroup namespace hides paths and ns/mnt is denied, mount ids tell neighbours apart and say so', () => {
  expect(containersIn('cgroup-namespace', [1, 8, 9, 20, 30, 40])).toEqual({
    1: 'pause null containerd by cgroup',
    8: 'container app containerd by mount ids',
    9: 'container app containerd by mount ids',
    20: 'container null containerd by mount ids',
    30: 'unknown null null by nothing',
    40: 'self debug containerd by mount namespace',
  })
})

test('processes of one mount namespace share one container object', () => {
  const linux = fixtureLinux('proc/cgroup-namespace')
  const finder = new ContainerFinder(linux, 0)
  expect(finder.find(readPidStat(linux, 8), 1)).toBe(finder.find(readPidStat(linux, 9), 1))
  expect(finder.find(readPidStat(linux, 8), 1)).not.toBe(finder.find(readPidStat(linux, 20), 1))
})

test('in a pod of podman on v1, as UID 65532 in a cgroup namespace of its own, each has its id', async () => {
  const lookout = {
    linux: fixtureLinux('proc/podman-pod'),
    clock: systemClock,
    signal: new AbortController().signal,
  }
  const found = await listContainers(lookout)
  const seen = found.map(({ container, pids }) => [
    container.id?.slice(0, 12),
    container.kind,
    container.evidence,
    pids,
  ])
  expect(seen).toEqual([
    ['344ec43395ee', 'container', 'cgroup', [1]],
    ['43fba0995fe0', 'container', 'cgroup', [6, 11, 12]],
    ['9d9b470f93cf', 'container', 'cgroup', [13]],
    ['a0db1f193461', 'self', 'mount namespace', [18, 23]],
  ])
  expect(await findTarget(lookout, '43fb')).toMatchObject({ pid: 6 })
})
