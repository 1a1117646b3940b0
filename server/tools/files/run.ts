import { ToolError } from '../../core/errors.ts'
import { TimeSlice } from '../../core/time-slice.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { openTargetRoot } from '../contents/open-root.ts'
import { atPath } from '../contents/paths.ts'
import type { ToolContext } from '../context.ts'
import { byteTextOf } from './byte-text.ts'
import { expressionOf, isSearch } from './criteria.ts'
import { compile } from './expression/expression.ts'
import type { Found } from './found.ts'
import { list } from './list.ts'
import { Naming } from './naming.ts'
import type { FileSystemEvent, FilesInput, FilesSummary, FolderEvent, TroubleEvent, UsageEvent } from './schema.ts'
import { Search } from './search.ts'
import { tellFileSystems } from './statfs.ts'
import { Tally } from './tally.ts'
import { Troubles } from './troubles.ts'
import { tellUsage } from './usage.ts'
import { Walk } from './walk.ts'

/** Events as they are before a face turns them into JSON. */
export type FilesEvent = Found | FolderEvent | UsageEvent | FileSystemEvent | TroubleEvent | FilesSummary

/** What a run looks with. */
export interface Looking {
  input: FilesInput
  paths: string[]
  root: FileRoot
  naming: Naming
  troubles: Troubles
  tally: Tally
  slice: TimeSlice
  /** Milliseconds since 1970. */
  now: number
  /** How many folders were gone into. */
  folders: number
}

export async function* runFiles(input: FilesInput, context: ToolContext): AsyncGenerator<FilesEvent[]> {
  const { linux, signal, clock } = context
  using root = await openTargetRoot(context, input.target)
  const looking: Looking = {
    input,
    paths: await Promise.all((input.paths.length > 0 ? input.paths : ['.']).map(path => bytesOfPath(root, path))),
    root,
    naming: await Naming.of(linux, root),
    troubles: new Troubles(linux, root),
    tally: new Tally(),
    slice: new TimeSlice({ clock, signal }),
    now: clock.now(),
    folders: 0,
  }
  const show = input.show ?? (isSearch(input) ? 'find' : 'list')
  if (show === 'list') yield* list(looking)
  else if (show === 'usage') yield* tellUsage(looking)
  else if (show === 'statfs') yield* tellFileSystems(looking)
  else yield* search(looking, show === 'stat')
  yield [summaryOf(looking)]
}

/** `%FF` in a path may stand for a byte, as it does in ours. */
async function bytesOfPath(root: FileRoot, path: string): Promise<string> {
  if (!path.includes('%')) return byteTextOf(path)
  const look = async (bytes: Buffer) => {
    await root.status(bytes, { follow: false })
    return bytes.toString('latin1')
  }
  return await atPath(path, look).catch(() => byteTextOf(path))
}

function summaryOf({ input, tally, troubles, folders }: Looking): FilesSummary {
  return {
    type: 'summary',
    entries: tally.entries,
    folders,
    sizeBytes: input.details ? tally.sizeBytes : null,
    allocatedBytes: input.details ? tally.allocatedBytes : null,
    troubles: troubles.count,
    missing: troubles.missing,
    limited: tally.limited,
  }
}

/** What an expression means below the named, or of the named themselves. */
async function* search(looking: Looking, isNamedOnly: boolean): AsyncGenerator<FilesEvent[]> {
  const { input, root, naming, tally } = looking
  const expression = expressionOf(input)
  const { options, needs } = expression
  const test = await compile(expression.node, placeOf(looking))
  const everyStatus = isPlain(expression.actions.length, input) && input.details
  const needsStatus = needs.status || input.details
  const needsTarget = needs.target || input.details
  const looksThrough = isNamedOnly && input.details
  const minDepth = input.minDepth ?? options.minDepth ?? 0
  const actions = expression.actions.length
  const visitor = new Search({ test, minDepth, actions, needsStatus, needsTarget }, input, tally)
  const walk = new Walk<Found>(
    { root, naming, troubles: looking.troubles },
    {
      depth: isNamedOnly ? 0 : (input.depth ?? options.depth ?? Number.POSITIVE_INFINITY),
      follow: options.follow ?? input.followLinks ?? 'never',
      oneFileSystem: input.oneFileSystem || options.oneFileSystem === true,
      postOrder: options.postOrder === true,
      followsStrictly: isNamedOnly && input.followLinks === 'always',
      needs: {
        ...needs,
        status: needsStatus,
        everyStatus,
        target: needsTarget,
        linkType: needs.linkType || looksThrough,
      },
    },
    visitor,
  )
  yield* walk.over(looking.paths, looking.slice)
  looking.folders = walk.folders
  yield visitor.sorted()
}

/** Every thing is told of with its status. */
const isPlain = (actions: number, input: FilesInput) => actions === 0 && !isSearch(input)

function placeOf({ root, naming, now }: Looking) {
  const idOf = (names: ReadonlyMap<number, string>, name: string) => [...names].find(([, known]) => known === name)?.[0]
  return {
    now,
    async statusOf(path: string) {
      try {
        return await root.status(Buffer.from(path))
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        throw new ToolError('invalid_input', `expression: '${path}' can't be compared with: ${why}`, { cause: error })
      }
    },
    userId: (name: string) => idOf(naming.users, name),
    groupId: (name: string) => idOf(naming.groups, name),
    hasUser: (uid: number) => naming.users.has(uid),
    hasGroup: (gid: number) => naming.groups.has(gid),
  }
}
