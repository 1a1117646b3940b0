import type { Moment } from '../../linux/root/status.ts'
import type { ByteText } from './byte-text.ts'
import type { Found } from './found.ts'
import type { FilesInput } from './schema.ts'
import { compareVersions } from './version-order.ts'

type Compare = (a: Found, b: Found) => number

/** By bytes, as in the C locale: the same everywhere. */
const byText = (a: ByteText, b: ByteText) => (a < b ? -1 : a > b ? 1 : 0)
const byPath: Compare = (a, b) => byText(a.pathBytes, b.pathBytes)

/** How a listing is sorted: what is equal by the key stands by its path, largest and latest first. */
export function order(
  { sort, time, reverse, foldersFirst }: FilesInput,
  columnsOf?: (found: Found) => number,
): Compare {
  const key = keys(time, columnsOf)[sort]
  const sorted: Compare = (a, b) => key(a, b) || (sort === 'none' ? 0 : byPath(a, b))
  const turned: Compare = reverse ? (a, b) => sorted(b, a) : sorted
  if (!foldersFirst) return turned
  return (a, b) => Number(leadsToFolder(b)) - Number(leadsToFolder(a)) || turned(a, b)
}

const leadsToFolder = ({ isFolder, linkStatus }: Found) => isFolder || linkStatus?.type === 'directory'

const never: Moment = { seconds: Number.NEGATIVE_INFINITY, nanoseconds: 0 }

function keys(time: FilesInput['time'], columnsOf?: (found: Found) => number): Record<FilesInput['sort'], Compare> {
  return {
    none: () => 0,
    name: () => 0,
    size: (a, b) => (b.status?.size ?? 0) - (a.status?.size ?? 0),
    time(a, b) {
      const [first, second] = [a.status?.[time] ?? never, b.status?.[time] ?? never]
      return second.seconds - first.seconds || second.nanoseconds - first.nanoseconds
    },
    extension: (a, b) => byText(extensionOf(a.nameBytes), extensionOf(b.nameBytes)),
    version: (a, b) => compareVersions(a.nameBytes, b.nameBytes),
    width: (a, b) => (columnsOf ? columnsOf(a) - columnsOf(b) : a.nameBytes.length - b.nameBytes.length),
  }
}

/** With its dot, from the last one on. */
function extensionOf(name: ByteText): ByteText {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot)
}
