import { durationText } from '../limits/format.ts'
import type { FindingEvent, MountEvent } from './schema.ts'

/** From this share on a file system counts as full. */
const fullPercent = 95

/** What is wrong, each file system once however often it is mounted. */
export class Findings {
  readonly #known = new Set<string>()
  readonly counts = { hung: 0, dead: 0, full: 0 }

  of(mount: MountEvent): FindingEvent[] {
    const found: FindingEvent[] = []
    const add = (finding: FindingEvent['finding'], message: string) => {
      if (this.#known.has(`${finding} ${mount.device}`)) return
      this.#known.add(`${finding} ${mount.device}`)
      found.push({ type: 'finding', finding, id: mount.id, mountPoint: mount.mountPoint, message })
    }
    if (mount.hungMs !== null) add('hung', hungMessage(mount, mount.hungMs))
    else if (mount.why !== null && deadErrnos.has(mount.why)) add('dead', deadMessage(mount, mount.why))
    for (const [finding, message] of fullMessages(mount)) add(finding, message)
    for (const { finding } of found) this.counts[finding === 'inodes' ? 'full' : finding]++
    return found
  }
}

const deadErrnos = new Set([
  'ESTALE',
  'ENOTCONN',
  'EIO',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENODEV',
  'ENXIO',
  'ESHUTDOWN',
  'ECONNABORTED',
  'EREMOTEIO',
])

export const isDead = ({ why }: MountEvent) => why !== null && deadErrnos.has(why)

const from = ({ fsType, source }: MountEvent) => `${fsType} from ${source || 'nowhere'}`

const hungMessage = (mount: MountEvent, ms: number) =>
  `${from(mount)} has not answered for ${durationText(ms)}: whoever looks there hangs; bring its server back, or unmount it by umount -l`

function deadMessage(mount: MountEvent, why: string): string {
  const meaning: Record<string, string> = {
    ESTALE: 'its server no longer knows what was mounted (stale handle)',
    ENOTCONN: 'the process that served it is gone',
  }
  return `${from(mount)} answers ${why}: ${meaning[why] ?? 'it can not be used'}; mount it again`
}

function* fullMessages({ space, readOnly, superOptions }: MountEvent): Generator<['full' | 'inodes', string]> {
  if (!space || readOnly || superOptions.includes('ro')) return
  const { usedPercent, inodesUsedPercent, blocksAvailable, inodesFree } = space
  if (usedPercent !== null && usedPercent >= fullPercent)
    yield [
      'full',
      `${usedPercent} % of its space is in use, ${Math.max(0, blocksAvailable)} blocks of ${space.blockBytes} bytes are left`,
    ]
  if (inodesUsedPercent !== null && inodesUsedPercent >= fullPercent)
    yield ['inodes', `${inodesUsedPercent} % of its inodes are in use, ${inodesFree} are left for new files`]
}
