export type Runtime = 'containerd' | 'cri-o' | 'docker' | 'podman' | 'lxc' | 'systemd-nspawn'

/** What a cgroup path says about the container it belongs to. */
export interface CgroupContainer {
  id: string
  /** Null where the path is the same for every runtime, as with kubelet's cgroupfs driver. */
  runtime: Runtime | null
  /** The pod's UID with dashes; null outside of Kubernetes. */
  podUid: string | null
}

/**
 * The innermost container of a cgroup path, as every driver writes it:
 * - `/kubepods/burstable/pod<uid>/<id>`: kubelet with cgroupfs
 * - `/kubepods.slice/…/kubepods-burstable-pod<uid_>.slice/cri-containerd-<id>.scope`: with systemd; `crio-<id>.scope`, `docker-<id>.scope`
 * - `/system.slice/containerd.service/kubepods-burstable-pod<uid_>.slice:cri-containerd:<id>`: kubelet on systemd, containerd not
 * - `/docker/<id>`, `/machine.slice/libpod-<id>.scope/container`, `/libpod_parent/libpod-<id>`, `/default/<id>`
 * - `/../<id>`: a neighbour, seen from inside a private cgroup namespace
 */
export function containerOf(path: string): CgroupContainer | undefined {
  const segments = path.replace(/ \(deleted\)$/, '').split('/')
  for (let at = segments.length - 1; at >= 0; at--) {
    const found = containerOfSegment(segments[at]!, segments[at - 1])
    if (found) return { ...found, podUid: podUidOf(segments, at) }
  }
  return undefined
}

const idSegment = /^(?:(.*)[-:])?([0-9a-f]{64})(?:\.scope)?$/

function containerOfSegment(segment: string, parent: string | undefined): Omit<CgroupContainer, 'podUid'> | undefined {
  const [, prefix, id] = idSegment.exec(segment) ?? []
  if (id !== undefined) return isMonitor(prefix) ? undefined : { id, runtime: runtimeOf(prefix ?? parent ?? '') }
  const lxc = /^lxc\.payload\.(.+)$/.exec(segment)?.[1] ?? (parent === 'lxc' ? segment : undefined)
  if (lxc) return { id: lxc, runtime: 'lxc' }
  const machine = /^machine-(.+)\.scope$/.exec(segment)?.[1]
  return machine && parent === 'machine.slice' ? { id: machine, runtime: 'systemd-nspawn' } : undefined
}

/** conmon watches a container from outside, in a scope that carries the container's id. */
const isMonitor = (prefix: string | undefined) => prefix?.endsWith('-conmon') ?? false

function runtimeOf(prefix: string): Runtime | null {
  if (prefix.endsWith('containerd') || prefix === 'nerdctl') return 'containerd'
  if (prefix === 'crio') return 'cri-o'
  if (prefix === 'docker') return 'docker'
  if (prefix.startsWith('libpod')) return 'podman'
  return null
}

/** `pod426a32a7-8616-…`, or systemd's `kubepods-besteffort-pod426a32a7_8616_….slice`: the nearest above the container. */
function podUidOf(segments: readonly string[], below: number): string | null {
  for (let at = below; at >= 0; at--) {
    const uid = /(?:^|-)pod([0-9a-f]{8}[-_]?[0-9a-f_-]{20,27})(?:\.slice|$)/.exec(segments[at]!.split(':')[0]!)?.[1]
    if (uid) return uid.replaceAll('_', '-')
  }
  return null
}
