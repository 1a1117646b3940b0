import { capabilityNames } from '../../../linux/capabilities.ts'
import { parseSignalSets } from '../../../linux/procfs/pid-status.ts'
import { signalName } from '../../../linux/signals.ts'
import type { PsDetails } from '../schema.ts'

type StatusParts = Pick<
  PsDetails,
  'uids' | 'gids' | 'groups' | 'capabilities' | 'seccomp' | 'noNewPrivs' | 'pidsInNamespaces' | 'signals'
>

/** What the lines of /proc/PID/status tell; empty where they were refused. */
export function statusParts(lines: ReadonlyMap<string, string>): StatusParts {
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
    signals: signalNames(lines),
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

function signalNames(lines: ReadonlyMap<string, string>): PsDetails['signals'] {
  if (!lines.has('SigCgt')) return null
  const { pending, blocked, ignored, caught } = parseSignalSets(lines)
  const names = (numbers: number[]) => numbers.map(number => signalName(number) ?? String(number))
  return { pending: names(pending), blocked: names(blocked), ignored: names(ignored), caught: names(caught) }
}
