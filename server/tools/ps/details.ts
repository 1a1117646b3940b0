import { capabilityNames } from '../../linux/capabilities.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { namespaceKinds, readNamespace } from '../../linux/namespaces/ns.ts'
import { readPidCgroup } from '../../linux/procfs/pid-cgroup.ts'
import { readPidCmdline } from '../../linux/procfs/pid-cmdline.ts'
import { readPidEnviron } from '../../linux/procfs/pid-environ.ts'
import { readPidFd } from '../../linux/procfs/pid-fd.ts'
import { readPidLimits } from '../../linux/procfs/pid-limits.ts'
import { readPidStatusLines } from '../../linux/procfs/pid-status.ts'
import { type Denial, explainPtraceDenial } from '../../linux/ptrace-access.ts'
import type { PsDetails } from './schema.ts'

/** Open files shown: more than a common soft limit (1,024) says little to a reader, and each costs a readlink of 3 µs. */
export const maxOpenFiles = 1024

/** One process in full. What is refused is null and stands in `denied` with its reason; throws when it has vanished. */
export function readDetails(linux: Linux, pid: number): PsDetails {
  const parts = new Parts(linux, pid)
  const link = (name: string) => () => linux.readlink(`/proc/${pid}/${name}`)
  const status = parts.read('status', () => readPidStatusLines(linux, pid))
  return {
    type: 'details',
    pid,
    cmdline: parts.read('cmdline', () => readPidCmdline(linux, pid)),
    exe: parts.read('exe', link('exe')),
    cwd: parts.read('cwd', link('cwd')),
    root: parts.read('root', link('root')),
    environ: parts.read('environ', () => readPidEnviron(linux, pid)),
    limits: parts.read('limits', () => readPidLimits(linux, pid)),
    ...statusParts(status ?? new Map()),
    namespaces: parts.read('namespaces', () => readNamespaces(linux, pid)),
    cgroup: parts.read('cgroup', () => readPidCgroup(linux, pid)),
    openFiles: parts.read('openFiles', () => readPidFd(linux, pid, maxOpenFiles)),
    denied: parts.denied,
  }
}

class Parts {
  readonly denied: Record<string, Denial> = {}
  readonly #linux: Linux
  readonly #pid: number

  constructor(linux: Linux, pid: number) {
    this.#linux = linux
    this.#pid = pid
  }

  read<Value>(name: string, read: () => Value): Value | null {
    try {
      return read()
    } catch (error) {
      this.denied[name] = this.#explain(error)
      return null
    }
  }

  /** A kernel thread and a zombie have no exe, cwd and root: ENOENT while the process itself is there. */
  #explain(error: unknown): Denial {
    switch (errnoOf(error)) {
      case 'EACCES':
      case 'EPERM':
        return explainPtraceDenial(this.#linux, this.#pid)
      case 'ENOENT':
      case 'EINVAL':
        this.#linux.peek(`/proc/${this.#pid}/stat`)
        return {
          reason: `process ${this.#pid} has none: it is a kernel thread or a zombie, or the kernel lacks it`,
          remedy: 'none is needed',
        }
      default:
        throw error
    }
  }
}

/** A kernel without time namespaces, or any other, just lacks the file. */
function readNamespaces(linux: Linux, pid: number): Record<string, number> {
  const found: Record<string, number> = {}
  for (const kind of namespaceKinds) {
    try {
      found[kind] = readNamespace(linux, pid, kind)
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error
    }
  }
  return found
}

type StatusParts = Pick<
  PsDetails,
  'uids' | 'gids' | 'groups' | 'capabilities' | 'seccomp' | 'noNewPrivs' | 'pidsInNamespaces'
>

function statusParts(lines: ReadonlyMap<string, string>): StatusParts {
  const numbers = (name: string) => lines.get(name)?.split(/\s+/).filter(Boolean).map(Number) ?? null
  const seccomp = lines.get('Seccomp')
  const noNewPrivs = lines.get('NoNewPrivs')
  return {
    uids: fourIds(numbers('Uid')),
    gids: fourIds(numbers('Gid')),
    groups: numbers('Groups'),
    capabilities: capabilitySets(lines),
    seccomp: seccomp === undefined ? null : (seccompModes[Number(seccomp)] ?? null),
    noNewPrivs: noNewPrivs === undefined ? null : noNewPrivs === '1',
    pidsInNamespaces: numbers('NSpid'),
  }
}

/** SECCOMP_MODE_*: include/uapi/linux/seccomp.h. */
const seccompModes = ['disabled', 'strict', 'filter'] as const

function fourIds(ids: number[] | null) {
  const [real, effective, saved, filesystem] = ids ?? []
  if (real === undefined || effective === undefined || saved === undefined || filesystem === undefined) return null
  return { real, effective, saved, filesystem }
}

function capabilitySets(lines: ReadonlyMap<string, string>): PsDetails['capabilities'] {
  const [effective, permitted, inheritable, bounding, ambient] = ['CapEff', 'CapPrm', 'CapInh', 'CapBnd', 'CapAmb'].map(
    name => {
      const hex = lines.get(name)
      return hex === undefined ? undefined : capabilityNames(hex)
    },
  )
  if (!effective || !permitted || !inheritable || !bounding) return null
  return { effective, permitted, inheritable, bounding, ambient: ambient ?? [] }
}
