import type { Runtime } from '../cgroup/container-of.ts'
import type { Mount } from '../procfs/pid-mountinfo.ts'

/** What the bind mounts of a container tell about it: kubelet and runtimes mount files whose paths on the node name it. */
export interface MountHints {
  /** The container's name in its pod. */
  name: string | null
  podUid: string | null
  id: string | null
  /** Whose /etc/hostname it is in Docker: its own, unless it was put into another's network, as all containers of a pod are. */
  hostnameId: string | null
  /** The container that holds the pod's namespaces: it is the pause container itself where the ids are equal. */
  sandboxId: string | null
  runtime: Runtime | null
}

export function mountHints(mounts: readonly Mount[]): MountHints {
  const hints: MountHints = {
    name: null,
    podUid: null,
    id: null,
    hostnameId: null,
    sandboxId: null,
    runtime: null,
  }
  for (const mount of mounts) {
    readKubelet(mount, hints)
    readRuntime(mount, hints)
  }
  if (hints.podUid !== null) hints.sandboxId ??= hints.hostnameId
  return hints
}

/** kubelet: `/var/lib/kubelet/pods/<uid>/containers/<name>/<hash>` on /dev/termination-log, `…/etc-hosts` on /etc/hosts. */
function readKubelet({ root }: Mount, hints: MountHints): void {
  const [, uid, name] =
    /\/pods\/([0-9a-f-]{32,36})\/(?:containers\/([a-z0-9][a-z0-9-]{0,62})\/|etc-hosts$)/.exec(root) ?? []
  hints.podUid ??= uid ?? null
  hints.name ??= name ?? null
}

function readRuntime({ root, mountPoint, superOptions }: Mount, hints: MountHints): void {
  const sandbox = /\/io\.containerd\.grpc\.v1\.cri\/sandboxes\/([0-9a-f]{64})\//.exec(root)?.[1]
  const docker = /\/containers\/([0-9a-f]{64})\/(?:hostname|resolv\.conf|hosts)$/.exec(root)?.[1]
  const storage = /\/overlay-containers\/([0-9a-f]{64})\/userdata\//.exec(root)?.[1]
  if (sandbox) Object.assign(hints, { sandboxId: sandbox, runtime: 'containerd' })
  else if (storage && mountPoint === '/run/.containerenv') Object.assign(hints, { id: storage, runtime: 'podman' })
  else if (storage && mountPoint === '/etc/hostname') hints.sandboxId ??= storage
  else if (docker && mountPoint === '/etc/hostname') Object.assign(hints, { hostnameId: docker, runtime: 'docker' })
  else if (mountPoint === '/' && superOptions.includes('/io.containerd.')) hints.runtime ??= 'containerd'
}
