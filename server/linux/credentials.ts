import { capabilityNames } from './capabilities.ts'
import { errnoOf, type Linux } from './linux.ts'
import { readPidStatusLines } from './procfs/pid-status.ts'

/** Whose rights a process acts with. */
export interface Credentials {
  /** Effective. */
  uid: number
  realUid: number
  savedUid: number
  /** Effective. */
  gid: number
  permitted: string[]
  effective: string[]
}

/** Undefined where the kernel doesn't tell. */
export function readCredentials(linux: Linux, pid: number | 'self'): Credentials | undefined {
  try {
    const lines = readPidStatusLines(linux, pid)
    const [realUid, uid, savedUid] = idsOf(lines.get('Uid'))
    const [, gid] = idsOf(lines.get('Gid'))
    const capabilities = (name: string) => capabilityNames(lines.get(name) ?? '0')
    return { uid, realUid, savedUid, gid, permitted: capabilities('CapPrm'), effective: capabilities('CapEff') }
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return undefined
  }
}

/** `real effective saved file-system`. */
function idsOf(ids = ''): [real: number, effective: number, saved: number] {
  const [real = Number.NaN, effective = Number.NaN, saved = Number.NaN] = ids.split(/\s+/).map(Number)
  return [real, effective, saved]
}
