import { expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { findTarget, listContainers } from '../../server/linux/target.ts'
import { type MadeProcess, madeLinux } from './made-linux.ts'

const hex = (digit: string) => digit.repeat(64)
const [pause, app, own, node, pod] = ['a', 'b', 'c', 'd', 'e'].map(hex) as [string, string, string, string, string]
const uid = 'e3b22309-25aa-4231-b39d-84e116659921'
const uid_ = uid.replaceAll('-', '_')

/** One line for v2; of v1 a line for each controller, newest hierarchy first, as the kernel writes them. */
const unified = (path: string) => `0::${path}\n`
const v1 = (path: string, systemd = path) =>
  [`12:memory:${path}`, `11:cpu,cpuacct:${path}`, '10:rdma:/', `9:pids:${path}`, `1:name=systemd:${systemd}`, ''].join(
    '\n',
  )
/** systemd's hybrid layout: v1 controllers, and a unified hierarchy without any. */
const hybrid = (path: string, beside = path) => `${v1(path)}0::${beside}\n`

interface Layout {
  name: string
  /** The text of /proc/PID/cgroup for a process of the container with this id. */
  cgroup: (id: string) => string
  /** The same of what watches the containers on the node. */
  monitor?: string
  runtime: string | null
  podUid?: string
  pauseCommand?: string
}

const slice = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid_}.slice`
const catatonit = '/catatonit\0-P\0'

const layouts: Layout[] = [
  ...[v1, unified].map(write => ({
    name: `containerd with cgroupfs, ${write.name}`,
    cgroup: (id: string) => write(`/kubepods/burstable/pod${uid}/${id}`),
    monitor: write('/system.slice/containerd.service'),
    runtime: null,
    podUid: uid,
  })),
  ...[v1, unified, hybrid].map(write => ({
    name: `containerd with systemd, ${write.name}`,
    cgroup: (id: string) => write(`${slice}/cri-containerd-${id}.scope`),
    monitor: write('/system.slice/containerd.service'),
    runtime: 'containerd',
    podUid: uid,
  })),
  {
    name: 'containerd with cgroupfs below a kubelet with systemd',
    cgroup: id => hybrid(`/system.slice/containerd.service/kubepods-burstable-pod${uid_}.slice:cri-containerd:${id}`),
    runtime: 'containerd',
    podUid: uid,
  },
  {
    name: 'a guaranteed pod of containerd, of which v2 controllers alone are set',
    cgroup: id => `1:name=systemd:/\n0::/kubepods.slice/kubepods-pod${uid_}.slice/cri-containerd-${id}.scope\n`,
    runtime: 'containerd',
    podUid: uid,
  },
  ...[v1, unified].map(write => ({
    name: `CRI-O with systemd and crun, ${write.name}`,
    cgroup: (id: string) => write(`${slice}/crio-${id}.scope/container`),
    monitor: write(`/system.slice/crio-conmon-${app}.scope`),
    runtime: 'cri-o',
    podUid: uid,
  })),
  {
    name: 'CRI-O with cgroupfs, conmon in the cgroup of the pod',
    cgroup: id => v1(`/kubepods/besteffort/pod${uid}/crio-${id}`),
    monitor: v1(`/kubepods/besteffort/pod${uid}/crio-conmon-${app}`),
    runtime: 'cri-o',
    podUid: uid,
  },
  {
    name: 'Docker of Kubernetes, with systemd',
    cgroup: id => hybrid(`${slice}/docker-${id}.scope`, '/system.slice/containerd.service'),
    monitor: hybrid('/system.slice/docker.service'),
    runtime: 'docker',
    podUid: uid,
  },
  { name: 'Docker with cgroupfs', cgroup: id => v1(`/docker/${id}`, `/docker/${id}`), runtime: 'docker' },
  { name: 'Docker with systemd', cgroup: id => unified(`/system.slice/docker-${id}.scope`), runtime: 'docker' },
  {
    name: 'rootless Docker',
    cgroup: id => unified(`/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`),
    runtime: 'docker',
  },
  {
    name: 'a pod of podman with cgroupfs, whose conmon is in v1 controllers alone',
    cgroup: id => hybrid(`/libpod_parent/${pod}/libpod-${id}`),
    monitor: `8:pids:/libpod_parent/${pod}/conmon\n1:name=systemd:/\n0::/\n`,
    runtime: 'podman',
    pauseCommand: catatonit,
  },
  {
    name: 'a pod of podman with systemd',
    cgroup: id => unified(`/machine.slice/machine-libpod_pod_${pod}.slice/libpod-${id}.scope/container`),
    monitor: unified(`/machine.slice/machine-libpod_pod_${pod}.slice/libpod-conmon-${app}.scope`),
    runtime: 'podman',
    pauseCommand: catatonit,
  },
  {
    name: "podman in a service's own cgroup (split)",
    cgroup: id => unified(`/system.slice/web.service/libpod-payload-${id}`),
    monitor: unified('/system.slice/web.service/runtime'),
    runtime: 'podman',
    pauseCommand: catatonit,
  },
  {
    name: 'kind in Docker on v1, whose unified hierarchy and rdma stay outside',
    cgroup: id =>
      hybrid(`/docker/${node}/kubelet/kubepods/burstable/pod${uid}/${id}`, '/system.slice/containerd.service'),
    runtime: null,
    podUid: uid,
  },
  {
    name: 'kind in Docker on v2',
    cgroup: id =>
      unified(
        `/system.slice/docker-${node}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${uid_}.slice/cri-containerd-${id}.scope`,
      ),
    runtime: 'containerd',
    podUid: uid,
  },
  {
    name: 'kind in podman on v2',
    cgroup: id =>
      unified(
        `/machine.slice/libpod-${node}.scope/container/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${uid_}.slice/cri-containerd-${id}.scope`,
      ),
    runtime: 'containerd',
    podUid: uid,
  },
  {
    name: 'Docker in Docker, of which only the pids controller is delegated',
    cgroup: id => `12:memory:/docker/${node}\n9:pids:/docker/${node}/docker/${id}\n1:name=systemd:/docker/${node}\n`,
    runtime: 'docker',
  },
  {
    name: 'neighbours in a private cgroup namespace, v2',
    cgroup: id => unified(`/../cri-containerd-${id}.scope`),
    runtime: 'containerd',
  },
  { name: 'neighbours in a private cgroup namespace, v1', cgroup: id => v1(`/../${id}`), runtime: null },
]

const mountsOf = (mnt: number, extra = '') => `${mnt} 1 0:44 / / rw - overlay overlay rw\n${extra}`
const named = (mnt: number, name: string) =>
  mountsOf(
    mnt,
    `${mnt + 1} ${mnt} 254:0 /var/lib/kubelet/pods/${uid}/containers/${name}/44a3bc36 /dev/termination-log rw - ext4 /dev/vda rw\n`,
  )

const processesIn = ({ cgroup, podUid, pauseCommand }: Layout): MadeProcess[] => {
  const mountinfo = podUid === undefined ? mountsOf(200) : named(200, 'app')
  return [
    { pid: 1, cgroup: cgroup(pause), mnt: 100, mountinfo: mountsOf(100), cmdline: pauseCommand ?? '/pause\0' },
    { pid: 8, cgroup: cgroup(app), mnt: 200, mountinfo },
    { pid: 9, ppid: 8, cgroup: cgroup(app), mnt: 200, mountinfo },
    { pid: 20, comm: 'ditty', cgroup: cgroup(own), mnt: 300, mountinfo: mountsOf(300) },
  ]
}

const lookoutAt = (processes: MadeProcess[], self: number) => ({
  linux: madeLinux(processes, self),
  clock: systemClock,
  signal: new AbortController().signal,
})

const byName = (some: Layout[]) => some.map(layout => [layout.name, layout] as const)

test.each(byName(layouts))('%s: the containers of a pod are told from pause and ourselves', async (_name, layout) => {
  const { runtime, podUid = null } = layout
  const lookout = lookoutAt(processesIn(layout), 20)
  const found = await listContainers(lookout)
  const all = { runtime, podUid, evidence: 'cgroup' }
  expect(found.map(({ container, pids }) => ({ ...container, pids }))).toEqual([
    { ...all, id: pause, name: null, kind: 'pause', pids: [1] },
    { ...all, id: app, name: podUid && 'app', kind: 'container', pids: [8, 9] },
    { ...all, id: own, name: null, kind: 'self', pids: [20] },
  ])
  expect(await findTarget(lookout)).toMatchObject({ pid: 8, startTicks: 1008 })
  expect(await findTarget(lookout, app.slice(0, 12))).toMatchObject({ pid: 8 })
})

const watched = layouts.filter(({ monitor }) => monitor !== undefined)

test.each(byName(watched))('%s: what watches them on the node is in none of them', async (_name, layout) => {
  const onNode = { comm: 'conmon', mnt: 10, mountinfo: mountsOf(10) }
  const init = { ...onNode, pid: 1, cgroup: '0::/init.scope\n' }
  const watcher = { ...onNode, pid: 5, cgroup: layout.monitor! }
  const [first] = await listContainers(lookoutAt([init, watcher, ...processesIn(layout).slice(1)], 1))
  expect(first).toMatchObject({ pids: [1, 5], container: { id: null } })
})

const hostname = (mnt: number, of: string) =>
  mountsOf(
    mnt,
    `${mnt + 2} ${mnt} 254:0 /var/lib/docker/containers/${of}/hostname /etc/hostname rw - ext4 /dev/vda rw\n`,
  )

/** On v2 Docker gives each container a cgroup namespace, where its own path is the root. */
const besideInDocker = (ownHostname: string): MadeProcess[] => [
  { pid: 1, cgroup: unified(`/../docker-${app}.scope`), mnt: 200, mountinfo: hostname(200, app) },
  { pid: 20, comm: 'ditty', cgroup: unified('/'), mnt: 300, mountinfo: hostname(300, ownHostname) },
]

test("Docker's mount of /etc/hostname tells our id, unless we were put into the target's network", async () => {
  const idsWith = async (ownHostname: string) =>
    (await listContainers(lookoutAt(besideInDocker(ownHostname), 20))).map(({ container }) => container.id)
  expect(await idsWith(own)).toEqual([app, own])
  expect(await idsWith(app)).toEqual([app, null])
  expect(await findTarget(lookoutAt(besideInDocker(app), 20), app)).toMatchObject({ pid: 1 })
})

test("in a pod of Docker /etc/hostname is that of the pause container, and nobody's own id", async () => {
  const pod = (mnt: number) => named(mnt, `c${mnt}`) + hostname(mnt, pause)
  const processes: MadeProcess[] = [
    { pid: 1, comm: 'holder', cgroup: unified(`${slice}/docker-${pause}.scope`), mnt: 100, mountinfo: mountsOf(100) },
    { pid: 8, cgroup: unified('/'), mnt: 200, mountinfo: pod(200) },
    { pid: 20, comm: 'ditty', cgroup: unified('/'), mnt: 300, mountinfo: pod(300) },
  ]
  const found = await listContainers(lookoutAt(processes, 20))
  expect(found.map(({ container: { id, name, kind } }) => [id, name, kind])).toEqual([
    [pause, null, 'pause'],
    [null, 'c200', 'container'],
    [null, 'c300', 'self'],
  ])
})
