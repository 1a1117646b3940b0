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
 * The containers of a cgroup path, the innermost last, as every driver writes it:
 * - `/kubepods/burstable/pod<uid>/<id>`: kubelet with cgroupfs
 * - `/kubepods.slice/…/kubepods-burstable-pod<uid_>.slice/cri-containerd-<id>.scope`: with systemd; `crio-<id>.scope`, `docker-<id>.scope`
 * - `/system.slice/containerd.service/kubepods-burstable-pod<uid_>.slice:cri-containerd:<id>`: kubelet on systemd, containerd not
 * - `/docker/<id>`, `/machine.slice/libpod-<id>.scope/container`, `/default/<id>`
 * - `/libpod_parent/libpod-<id>`, `/libpod_parent/<pod>/libpod-<id>` with `/libpod_parent/<pod>/conmon` beside it: podman with cgroupfs
 * - `/lxc.payload.<name>`, `/lxc/<name>`, `/machine.slice/machine-<name>.scope/payload`, `/machine.slice/systemd-nspawn@<name>.service/payload`
 * - `/../<id>`: a neighbour, seen from inside a private cgroup namespace
 */
export function containersOf(path: string): CgroupContainer[] {
  const segments = path.replace(/ \(deleted\)$/, '').split('/')
  return segments.flatMap((segment, at) => {
    const found = containerOfSegment(segment, segments[at - 1], segments[at + 1])
    return found ? [{ ...found, podUid: podUidOf(segments, at) }] : []
  })
}

const idSegment = /^(?:(.*)[-:])?([0-9a-f]{64})(?:\.scope)?$/

type Found = Omit<CgroupContainer, 'podUid'> | undefined

function containerOfSegment(segment: string, parent = '', child = ''): Found {
  const [, prefix, id] = idSegment.exec(segment) ?? []
  if (id === undefined) return namedContainer(segment, parent, child)
  if (isMonitor(prefix) || (prefix === undefined && isPodmanPod(parent, child))) return undefined
  return { id, runtime: runtimeOf(prefix ?? parent) }
}

/** conmon watches a container from outside, in a scope that carries the container's id. */
const isMonitor = (prefix: string | undefined) => prefix?.endsWith('-conmon') ?? false

const isPodmanPod = (parent: string, child: string) => parent === 'libpod_parent' || child === 'conmon'

/** What is no name of a host, as runtimes demand, was not written by one. */
const plainName = /^[\w.:@+-]{1,255}$/

function namedContainer(segment: string, parent: string, child: string): Found {
  const lxc = /^lxc\.payload\.(.+)$/.exec(segment)?.[1] ?? (/^lxc(\.payload)?$/.test(parent) ? segment : undefined)
  if (lxc) return plainName.test(lxc) ? { id: lxc, runtime: 'lxc' } : undefined
  const unit = /^(?:machine-(.+)\.scope|systemd-nspawn@(.+)\.service)$/.exec(segment)
  if (!unit || parent !== 'machine.slice' || child === 'supervisor') return undefined
  const machine = unescapeUnit(unit[1] ?? unit[2] ?? '')
  return plainName.test(machine) && !isVirtualMachine(machine) ? { id: machine, runtime: 'systemd-nspawn' } : undefined
}

/** libvirt's: the processes in there are the node's own. */
const isVirtualMachine = (machine: string) => machine.startsWith('qemu-')

/** `web\x2d1`: unit_name_escape(), systemd's src/basic/unit-name.c. */
const unescapeUnit = (name: string) =>
  name.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

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
