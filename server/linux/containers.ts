import { cgroupMemory, type Program } from './cgroup/cgroup-memory.ts'
import type { CgroupContainer } from './cgroup/container-of.ts'
import { errnoOf, type Linux } from './linux.ts'
import { type MountHints, mountHints } from './namespaces/mount-hints.ts'
import { initialPidNamespace, readNamespace } from './namespaces/ns.ts'
import { readPidCmdline } from './procfs/pid-cmdline.ts'
import { type Mount, readPidMountinfo } from './procfs/pid-mountinfo.ts'
import { readPidStat } from './procfs/pid-stat.ts'
import { readPidStatus } from './procfs/pid-status.ts'

/**
 * self: the container ditty runs in; pause: holds a pod's namespaces; host: the node itself; namespace: processes in a mount
 * namespace of their own that no runtime is known to have made; unknown: nothing that would tell could be read.
 */
export type ContainerKind = 'self' | 'container' | 'pause' | 'host' | 'namespace' | 'unknown'

/** What told a group of processes from the others, the surest first. */
export type Evidence = 'cgroup' | 'mount namespace' | 'mount ids' | 'initial pid namespace' | 'nothing'

/** A group of processes that share a container. */
export interface Container {
  /** The runtime's id (64 hexadecimal digits); null where the cgroup namespace hides it. */
  id: string | null
  /** The container's name in its pod. */
  name: string | null
  runtime: string | null
  podUid: string | null
  kind: ContainerKind
  evidence: Evidence
}

interface Group {
  container: Container
  /** The first process seen in it; its mounts and its command stand for the whole. */
  pid: number
  pidNamespaceDepth: number
  hints: MountHints
}

/**
 * Tells the containers of processes apart, for one listing. The cgroup's path decides where it names a container; where it
 * doesn't, the mount namespace does; where ns/mnt is ptrace-denied, the ids in mountinfo do, which the kernel gives out once
 * over all mount namespaces. Each method throws the kernel's error for a process that has vanished.
 */
export class ContainerFinder {
  readonly #linux: Linux
  readonly #nowMs: number
  readonly #groups = new Map<string, Group>()
  readonly #byMountId = new Map<number, Group>()
  readonly #initialPidNamespace: boolean
  readonly #onHost: boolean
  readonly #own: Group | undefined

  /** `nowMs`: any clock that never steps back; what cgroups say is remembered over listings for a moment. */
  constructor(linux: Linux, nowMs: number) {
    this.#linux = linux
    this.#nowMs = nowMs
    this.#initialPidNamespace = orUndefined(() => readNamespace(linux, 'self', 'pid')) === initialPidNamespace
    const self = orUndefined(() => Number(linux.readlink('/proc/self')))
    this.#onHost = self !== undefined && this.#initialPidNamespace && this.#sharesMounts(self, 1)
    if (self !== undefined)
      this.#own = orUndefined(() =>
        this.#groupOf(readPidStat(linux, self), readPidStatus(linux, self).pidNamespaceDepth),
      )
    const own = this.#own?.container
    if (own && own.kind !== 'host') own.kind = 'self'
  }

  find(program: Program, pidNamespaceDepth: number): Container {
    return this.#groupOf(program, pidNamespaceDepth).container
  }

  /** Kernel threads, and everything else that runs on the node outside of containers. */
  host(): Container {
    return this.#group('host', 0, 1, hostContainer).container
  }

  /** A zombie has no namespaces any more; its cgroup may still tell. */
  findZombie(program: Program): Container {
    const found = this.#containerOfCgroup(program)
    if (!found) return this.#group('unknown', 0, 1, unknownContainer).container
    return this.#group(`id:${found.id}`, 0, 1, () => containerFromCgroup(found)).container
  }

  /** Marks pause containers, once every process was seen: other containers' mounts name the one that holds their pod. */
  finish(): void {
    this.#identifyByHostname()
    const sandboxes = new Set([...this.#groups.values()].map(group => group.hints.sandboxId))
    for (const group of this.#groups.values()) {
      const { container } = group
      if (container.kind !== 'container' || container.name !== null) continue
      const holdsPod = container.podUid !== null && container.id !== null && sandboxes.has(container.id)
      if (holdsPod || orUndefined(() => isPauseCommand(readPidCmdline(this.#linux, group.pid))))
        container.kind = 'pause'
    }
  }

  /** An id that only /etc/hostname tells is a container's own if no other one has it or tells the same. */
  #identifyByHostname(): void {
    const groups = [...this.#groups.values()]
    const unnamed = groups.filter(({ container, hints }) => container.id === null && hints.hostnameId !== null)
    for (const { container, hints } of unnamed) {
      const isTaken = groups.some(other => other.container.id === hints.hostnameId)
      const isShared = unnamed.filter(other => other.hints.hostnameId === hints.hostnameId).length > 1
      if (!isTaken && !isShared && hints.podUid === null) container.id = hints.hostnameId
    }
  }

  #groupOf(program: Program, depth: number): Group {
    const { pid } = program
    const found = this.#containerOfCgroup(program)
    if (!found) return this.#groupByMounts(pid, depth)
    const group = this.#group(`id:${found.id}`, pid, depth, () => containerFromCgroup(found))
    if (depth <= group.pidNamespaceDepth) return group
    const mounts = orUndefined(() => readNamespace(this.#linux, pid, 'mnt'))
    if (mounts === undefined || mounts === orUndefined(() => readNamespace(this.#linux, group.pid, 'mnt'))) return group
    return this.#group(`id:${found.id}/mnt:${mounts}`, pid, depth, () => nestedContainer(found))
  }

  #containerOfCgroup(program: Program): CgroupContainer | undefined {
    return orDenied(() => cgroupMemory(this.#linux).containerOf(program, this.#nowMs))
  }

  #groupByMounts(pid: number, depth: number): Group {
    if (this.#onHost && depth === 1) return this.#group('host', pid, depth, hostContainer)
    const namespace = orDenied(() => readNamespace(this.#linux, pid, 'mnt'))
    if (namespace !== undefined) {
      const group = this.#groups.get(`mnt:${namespace}`)
      if (group) return group
    }
    const mounts = orDenied(() => readPidMountinfo(this.#linux, pid)) ?? []
    const known = mounts.map(({ id }) => this.#byMountId.get(id)).find(Boolean)
    if (known && namespace !== undefined) this.#groups.set(`mnt:${namespace}`, known)
    if (known) return known
    if (this.#initialPidNamespace && depth === 1 && this.#own) return this.#group('host', pid, depth, hostContainer)
    const key = namespace === undefined ? (mounts[0] ? `mounts:${mounts[0].id}` : 'unknown') : `mnt:${namespace}`
    return this.#group(key, pid, depth, () => containerFromMounts(mounts, namespace !== undefined))
  }

  #group(key: string, pid: number, pidNamespaceDepth: number, make: () => Container): Group {
    const known = this.#groups.get(key)
    if (known) return known
    const mounts = pid === 0 ? [] : (orUndefined(() => readPidMountinfo(this.#linux, pid)) ?? [])
    const hints = mountHints(mounts)
    const group = { container: make(), pid, pidNamespaceDepth, hints }
    if (group.container.kind === 'container') addHints(group.container, hints)
    this.#groups.set(key, group)
    for (const { id } of mounts) this.#byMountId.set(id, group)
    return group
  }

  #sharesMounts(one: number, other: number): boolean {
    const [namespace, otherNamespace] = [one, other].map(pid =>
      orUndefined(() => readNamespace(this.#linux, pid, 'mnt')),
    )
    if (namespace !== undefined && otherNamespace !== undefined) return namespace === otherNamespace
    const ids = new Set(orUndefined(() => readPidMountinfo(this.#linux, one))?.map(({ id }) => id))
    return orUndefined(() => readPidMountinfo(this.#linux, other))?.some(({ id }) => ids.has(id)) ?? false
  }
}

const nobody = { id: null, name: null, runtime: null, podUid: null }

const hostContainer = (): Container => ({ ...nobody, kind: 'host', evidence: 'initial pid namespace' })

const unknownContainer = (): Container => ({ ...nobody, kind: 'unknown', evidence: 'nothing' })

const containerFromCgroup = (found: CgroupContainer): Container => ({
  ...nobody,
  ...found,
  kind: 'container',
  evidence: 'cgroup',
})

const nestedContainer = (found: CgroupContainer): Container => ({
  ...containerFromCgroup(found),
  kind: 'namespace',
  evidence: 'mount namespace',
})

function containerFromMounts(mounts: readonly Mount[], byNamespace: boolean): Container {
  const { id, name, podUid, runtime } = mountHints(mounts)
  if (mounts.length === 0 && !byNamespace) return unknownContainer()
  const kind = (id ?? name ?? podUid ?? runtime) ? 'container' : 'namespace'
  return { ...nobody, kind, evidence: byNamespace ? 'mount namespace' : 'mount ids' }
}

function addHints(container: Container, hints: MountHints): void {
  container.id ??= hints.id
  container.name ??= hints.name
  container.podUid ??= hints.podUid
  container.runtime ??= hints.runtime
}

/** `/pause` of Kubernetes and CRI-O; podman's pods are held by `catatonit -P`. */
const isPauseCommand = ([program = '', ...words]: string[]) =>
  program.endsWith('/pause') || (program.endsWith('/catatonit') && words.includes('-P'))

/** The value, or undefined where the kernel refuses; what vanished is thrown on. */
function orDenied<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') return undefined
    throw error
  }
}

/** The value, or undefined where the kernel has none. */
function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}
