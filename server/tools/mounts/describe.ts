import type { MountEntry } from '../../linux/procfs/pid-mountinfo.ts'
import { isRemote, kindOf, overlayOf } from './kind.ts'
import type { MountEvent, Space } from './schema.ts'

/** What a look at a mount brought. */
export interface Seen {
  space: Space | null
  why: string | null
  hungMs: number | null
  coveredBy: number | null
}

export const unseen = (why: string, more: Partial<Seen> = {}): Seen => ({
  space: null,
  why,
  hungMs: null,
  coveredBy: null,
  ...more,
})

/** Where a mount stands among the others. */
export interface Standing {
  listedBelow: number | null
  /** What leads to the target's root. */
  prefix: string
  isInPod: boolean
}

/** One line of mountinfo in words. */
export function eventOf(entry: MountEntry, { listedBelow, prefix, isInPod }: Standing, seen: Seen): MountEvent {
  const { id, parentId, device, fsType } = entry
  const mountPoint = textOf(entry.mountPoint)
  const mountOptions = optionsOf(entry.options)
  const { kind, volume } = kindOf(entry, isInPod)
  const { lowerLayers, upperDirectory } = overlayOf(entry)
  return {
    type: 'mount',
    id,
    parentId,
    listedBelow,
    device,
    mountPoint,
    path: prefix + mountPoint,
    fsType: textOf(fsType),
    source: textOf(entry.source),
    root: textOf(entry.root),
    kind,
    volume: volume === null ? null : textOf(volume),
    mountOptions,
    superOptions: optionsOf(textOf(entry.superOptions)),
    readOnly: mountOptions.includes('ro'),
    propagation: propagationOf(entry.propagation),
    optionalFields: entry.propagation,
    peerGroup: groupOf(entry.propagation, 'shared'),
    masterGroup: groupOf(entry.propagation, 'master'),
    lowerLayers,
    upperDirectory: upperDirectory === null ? null : textOf(upperDirectory),
    coveredBy: seen.coveredBy,
    remote: isRemote(entry),
    space: seen.space,
    why: seen.why,
    hungMs: seen.hungMs,
  }
}

/** Bytes, one in each character, as the UTF-8 that they mostly are. */
const textOf = (bytes: string) => (/[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes)

const optionsOf = (options: string) => (options === '' ? [] : options.split(','))

/** As findmnt names them. */
function propagationOf(fields: readonly string[]): string[] {
  const names = fields.flatMap(field => {
    if (field.startsWith('shared:')) return ['shared']
    if (field.startsWith('master:')) return ['slave']
    return field === 'unbindable' ? ['unbindable'] : []
  })
  return names.length === 0 || names[0] === 'unbindable' ? ['private', ...names] : names
}

function groupOf(fields: readonly string[], name: string): number | null {
  const field = fields.find(field => field.startsWith(`${name}:`))
  return field === undefined ? null : Number(field.slice(name.length + 1))
}
