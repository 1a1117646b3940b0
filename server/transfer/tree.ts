import { fileProblem } from '../core/file-problem.ts'
import { shownName } from '../core/shown-name.ts'
import type { Folder, OpenFile, Place } from '../linux/root/folder.ts'
import { madeUpBy } from '../linux/root/made-up.ts'
import { type FileStatus, typeWord } from '../linux/root/status.ts'

/** Deeper folders are named and left out: each level holds a descriptor and a listing. */
const maxDepth = 128
/** A file with more holes than this is named and left out: it would be sent as zeros. */
const maxHoleBytes = 16 * 1024 ** 3

/** What stands in a folder, in the kernel's order. */
export type TreeEntry =
  | ({
      /** Relative to the folder, to be shown, with `/` between names. */
      path: string
      /** The same, byte for byte. */
      name: Buffer
      status: FileStatus
    } & (
      | { kind: 'folder' }
      /** Open until the next entry is asked for. */
      | { kind: 'file'; file: OpenFile }
      | { kind: 'link'; target: Buffer }
    ))
  | { kind: 'left out'; path: string; why: string }

const slash = Buffer.from('/')

/** Walks a folder, links not followed, each folder before what it holds. What can't be read is told of and left out. */
export async function* walkTree(folder: Folder, above = Buffer.alloc(0), depth = 0): AsyncGenerator<TreeEntry, void> {
  const { deviceNumber } = await folder.status()
  for await (const slice of folder.entries())
    for (const entry of slice) {
      const name = Buffer.concat([above, entry.name])
      try {
        yield* entryAt(folder, Buffer.from(entry.name), name, deviceNumber, depth)
      } catch (error) {
        yield { kind: 'left out', path: shownName(name), why: fileProblem(error) }
      }
    }
}

async function* entryAt(
  folder: Folder,
  step: Buffer,
  name: Buffer,
  deviceNumber: number,
  depth: number,
): AsyncGenerator<TreeEntry> {
  using place = await folder.place(step)
  const status = await place.status()
  const common = { path: shownName(name), name, status }
  if (status.type === 'directory') yield* folderAt(place, common, deviceNumber === status.deviceNumber, depth)
  else if (status.type === 'file') yield* fileAt(place, common)
  else if (status.type === 'link') yield { ...common, kind: 'link', target: await folder.readlink(step) }
  else yield { kind: 'left out', path: common.path, why: `a ${typeWord(status.type)}` }
}

interface Common {
  path: string
  name: Buffer
  status: FileStatus
}

async function* folderAt(
  place: Place,
  common: Common,
  isSameDevice: boolean,
  depth: number,
): AsyncGenerator<TreeEntry> {
  const { path, name } = common
  const system = isSameDevice ? undefined : await madeUpBy(place)
  if (system) return yield { kind: 'left out', path, why: `made up by the kernel (${system})` }
  if (depth >= maxDepth) return yield { kind: 'left out', path, why: `more than ${maxDepth} folders deep` }
  using folder = await place.folder()
  yield { ...common, kind: 'folder' }
  yield* walkTree(folder, Buffer.concat([name, slash]), depth + 1)
}

async function* fileAt(place: Place, common: Common): AsyncGenerator<TreeEntry> {
  const { path, status } = common
  if (status.holeBytes > maxHoleBytes)
    return yield {
      kind: 'left out',
      path,
      why: `sparse: ${status.size} bytes, of which ${status.blocks * 512} are there`,
    }
  using file = await place.open()
  yield { ...common, kind: 'file', file }
}
