import { ToolError } from '../../core/errors.ts'
import { shownName } from '../../core/shown-name.ts'
import { readCredentials } from '../credentials.ts'
import { fileTrouble } from '../file-trouble.ts'
import type { Linux } from '../linux.ts'
import { errnoOf } from '../linux.ts'
import { SpecialFileError } from './folder.ts'
import type { FileRoot } from './root.ts'
import { type FileStatus, typeWord } from './status.ts'
import { split } from './walk.ts'

/** What is done to a file. To write one is to change the folder that it is in, since a new one takes its place. */
export type Doing = 'read' | 'write'

const bits = { read: 4, write: 2, pass: 1 } as const

/**
 * Why something was not read or written, as the ToolError for it: `not_found`, `invalid_input` for what is no file or no folder, and
 * `not_permitted` naming the folder or file whose mode is in the way, its owner, and which UID or capability would do.
 */
export async function trouble(
  { linux, root }: { linux: Linux; root: FileRoot },
  error: unknown,
  doing: Doing,
  path: Buffer,
): Promise<ToolError> {
  const shown = shownName(path)
  if (error instanceof SpecialFileError)
    return new ToolError('invalid_input', `${shown}: neither a file nor a folder but a ${typeWord(error.type)}`, {
      cause: error,
    })
  const errno = errnoOf(error instanceof ToolError ? error.cause : error)
  if (errno !== 'EACCES' && errno !== 'EPERM') return fileTrouble(error, doing, shown)
  const barrier = await barrierOf(root, doing === 'write' ? folderOf(path) : path, doing)
  return barrier ? denied(linux, error, doing, shown, barrier) : fileTrouble(error, doing, shown)
}

interface Barrier {
  path: string
  status: FileStatus
  needed: keyof typeof bits
}

function folderOf(path: Buffer): Buffer {
  const end = path.findLastIndex(byte => byte !== 0x2f)
  const slash = path.lastIndexOf(0x2f, end)
  return slash < 0 ? Buffer.from('.') : path.subarray(0, slash + 1)
}

/** The last thing on the way that can be seen: behind it nothing can, or its own content is what was refused. */
async function barrierOf(root: FileRoot, path: Buffer, doing: Doing): Promise<Barrier | undefined> {
  const names = split(path).filter(name => name.length > 0)
  const prefix = path[0] === 0x2f ? '/' : ''
  let seen: Barrier | undefined
  for (let count = prefix ? 0 : 1; count <= names.length; count++) {
    const upTo = Buffer.concat([
      Buffer.from(prefix),
      ...names.slice(0, count).flatMap((name, index) => (index > 0 ? [Buffer.from('/'), name] : [name])),
    ])
    try {
      const status = await root.status(upTo)
      seen = { path: shownName(upTo), status, needed: count === names.length ? doing : 'pass' }
    } catch {
      break
    }
  }
  if (seen?.needed === 'pass' && seen.status.type !== 'directory') return undefined
  return seen
}

function denied(
  linux: Linux,
  error: unknown,
  doing: Doing,
  shown: string,
  { path, status, needed }: Barrier,
): ToolError {
  const own = readCredentials(linux, 'self')
  const uid = own?.uid ?? process.getuid?.()
  const mode = (status.mode & 0o7777).toString(8).padStart(4, '0')
  const where = path === shown ? '' : `${path} `
  const capability = doing === 'write' ? 'CAP_DAC_OVERRIDE' : 'CAP_DAC_READ_SEARCH'
  const holds = own?.effective.includes('CAP_DAC_OVERRIDE') || own?.effective.includes(capability)
  const message = `${shown}: UID ${uid} may not ${doing} it: ${where}has mode ${mode} and is owned by ${status.uid}:${status.gid}`
  const remedy = holds
    ? 'a security module, a user namespace or an attribute of the file (chattr) refuses it although the mode would not'
    : remedyOf(ownerWho(status, needed), capability)
  return new ToolError('not_permitted', message, { remedy, cause: error })
}

/** The owner's UID, where its bits let it. */
const ownerWho = (status: FileStatus, needed: keyof typeof bits) =>
  (status.mode >> 6) & bits[needed] ? status.uid : undefined

const remedyOf = (owner: number | undefined, capability: string) =>
  owner === 0
    ? 'run ditty as UID 0'
    : `run ditty as ${owner === undefined ? '' : `UID ${owner}, or as `}UID 0 with ${capability}`
