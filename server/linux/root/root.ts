import { close, open } from 'node:fs'
import { readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ToolError } from '../../core/errors.ts'
import { errnoOf, type Linux } from '../linux.ts'
import { parsePasswd } from '../passwd.ts'
import { explainPtraceDenial } from '../ptrace-access.ts'
import { type DirectCalls, directCalls } from './direct-calls.ts'
import { type Cross, type Folder, type OpenFile, Place, SpecialFileError } from './folder.ts'
import { lastStep } from './last-step.ts'
import { refuseMagicLink } from './magic-link.ts'
import { O_NOFOLLOW, O_PATH } from './open-flags.ts'
import { SlowMounts } from './slow-mounts.ts'
import type { FileStatus } from './status.ts'
import { threadedCalls } from './threaded-calls.ts'
import { maxLinks, PathError, type Step, type WalkPlan, walk } from './walk.ts'

export interface FollowOption {
  /** Whether a link at the end of the path leads on. Default: yes. */
  follow?: boolean
}

/**
 * The files of a container (or our own) as its processes see them: a place from which no path leads out. Paths are bytes, as in
 * the container; `..` and absolute links stay below its root (RESOLVE_IN_ROOT of openat2(2), or the same step by step where that
 * call is missing), and links of /proc that lead elsewhere (`/proc/PID/root`, `/proc/PID/fd/N`) are refused with ELOOP.
 * A mount that doesn't answer (NFS, FUSE) is told of in two seconds as ToolError `unavailable`, by whatever steps into it.
 *
 * Nothing but regular files is ever opened for content. Methods throw system errors with Node's `code`, PathError, or
 * SpecialFileError; `trouble(error, doing, path)` of trouble.ts makes of any of them the ToolError that tells why and what to do.
 * On local file systems an answer is there at once, though it comes as a promise; what may take its time is asked in a thread.
 *
 *     using root = await openRoot(linux, target.pid)
 *     const status = await root.status(Buffer.from('/etc/hosts'), { follow: false })
 *     using folder = await root.folder(Buffer.from('/var/log'))
 *     for await (const slice of folder.entries(true)) for (const { name, type, status } of slice) …
 *     using file = await folder.open(name) // fs.readSync(file.fd, …), fs.createReadStream('', { fd: file.fd, autoClose: false })
 */
export interface FileRoot extends Disposable {
  /** The process whose root it is; undefined for our own. */
  readonly pid: number | undefined
  /** What a path leads to, held open; relative ones begin at `start`. */
  place(path: Buffer, options?: FollowOption): Promise<Place>
  /** The folder of that path. Throws ENOTDIR. */
  folder(path: Buffer): Promise<Folder>
  /** Content of the regular file of that path. */
  open(path: Buffer): Promise<OpenFile>
  status(path: Buffer, options?: FollowOption): Promise<FileStatus>
  readlink(path: Buffer): Promise<Buffer>
  /**
   * The folder and the name in it that a path ends with, for what writes; `follow`: where the links lead that stand under that
   * name (default: no). Throws EINVAL where it ends with `.` or `..`, or is `/`.
   */
  parent(path: Buffer, options?: FollowOption): Promise<{ folder: Folder; name: Buffer }>
  /** Names by uid and gid, as its own /etc/passwd and /etc/group have them; empty where there are none. */
  names(): Promise<{ users: Map<number, string>; groups: Map<number, string> }>
  /** Where relative paths begin: `/`, or our own working directory in our own root. */
  readonly start: Buffer
  close(): void
}

export interface RootOptions {
  /** That of the run: what doesn't answer is remembered as long. */
  signal?: AbortSignal
  /** How paths are followed; default: by openat2 where it works. */
  by?: 'openat2' | 'steps'
}

/**
 * The root of a process (`findTarget()` of ../target.ts gives its pid), or our own. Throws ToolError `not_permitted` with what
 * would grant it (/proc/PID/root is guarded like ptrace), or `not_found` for a process that has ended.
 */
export async function openRoot(linux: Linux, pid: number | 'self', options: RootOptions = {}): Promise<FileRoot> {
  const direct = await directCalls()
  const calls = direct ?? threadedCalls()
  const descriptor = await descriptorOf(linux, pid)
  const root = { descriptor, calls }
  const { signal = new AbortController().signal } = options
  const slow = await SlowMounts.of({ linux, pid, signal }, root)
  const start = pid === 'self' ? await readlink('/proc/self/cwd', { encoding: 'buffer' }) : slash
  const usesSteps = options.by === 'steps' || slow !== undefined || !direct || !knowsOpenat2(direct, descriptor)
  return new Root({ pid: pid === 'self' ? undefined : pid, start, root, usesSteps, direct, slow })
}

const slash = Buffer.from('/')
/** /etc/passwd of a directory service may be large; what is longer isn't read to its end. */
const namesBytes = 4 << 20

interface Plan {
  pid: number | undefined
  start: Buffer
  root: Step
  direct: DirectCalls | undefined
  usesSteps: boolean
  slow: SlowMounts | undefined
}

class Root implements FileRoot {
  readonly pid: number | undefined
  readonly start: Buffer
  readonly #plan: Plan
  readonly #cross: Cross | undefined

  constructor(plan: Plan) {
    this.#plan = plan
    this.#cross = plan.slow?.cross.bind(plan.slow)
    this.pid = plan.pid
    this.start = plan.start
  }

  async place(path: Buffer, { follow = true }: FollowOption = {}): Promise<Place> {
    return new Place(await this.#resolve(this.#whole(path), follow), this.#cross)
  }

  async folder(path: Buffer): Promise<Folder> {
    using place = await this.place(path)
    return await place.folder()
  }

  async open(path: Buffer): Promise<OpenFile> {
    using place = await this.place(path)
    return await place.open()
  }

  async status(path: Buffer, options?: FollowOption): Promise<FileStatus> {
    using place = await this.place(path, options)
    return await place.status()
  }

  async readlink(path: Buffer): Promise<Buffer> {
    const { folder, name } = await this.parent(path)
    using _ = folder
    return await folder.readlink(name)
  }

  async parent(path: Buffer, { follow = false }: FollowOption = {}): Promise<{ folder: Folder; name: Buffer }> {
    for (let links = 0, at = this.#whole(path); links <= maxLinks; links++) {
      const { above, name } = lastStep(at)
      const folder = await this.folder(above)
      const target = follow ? await targetOf(folder, name) : undefined
      if (!target) return { folder, name }
      folder.close()
      at = target[0] === 0x2f ? target : Buffer.concat([above, target])
    }
    throw new PathError('ELOOP', 'too many links, or links in a circle')
  }

  async names() {
    return { users: await this.#namesIn('/etc/passwd'), groups: await this.#namesIn('/etc/group') }
  }

  close(): void {
    close(this.#plan.root.descriptor)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  async #resolve(path: Buffer, follow: boolean): Promise<Step> {
    const { root, direct, usesSteps } = this.#plan
    if (usesSteps || !direct) return await walk(await this.#walkPlan(follow), path)
    const flags = follow ? O_PATH : O_PATH | O_NOFOLLOW
    const descriptor =
      this.pid === undefined
        ? direct.open(root.descriptor, path, flags)
        : direct.openInRoot(root.descriptor, path, flags)
    return { descriptor, calls: direct }
  }

  async #walkPlan(followLast: boolean): Promise<WalkPlan> {
    const { slow } = this.#plan
    const { descriptor, calls } = this.#plan.root
    const root = { descriptor, calls: (await slow?.root()) ?? calls }
    const cross = this.#cross
    return { start: root, root, followLast, checkLink: refuseMagicLink, ...(cross ? { cross } : {}) }
  }

  #whole(path: Buffer): Buffer {
    return path[0] === 0x2f ? path : Buffer.concat([this.start, slash, path])
  }

  async #namesIn(path: string): Promise<Map<number, string>> {
    try {
      using file = await this.open(Buffer.from(path))
      return parsePasswd((await file.beginning(namesBytes)).toString('utf8'))
    } catch (error) {
      if (errnoOf(error) === undefined && !(error instanceof SpecialFileError)) throw error
      return new Map()
    }
  }
}

/** undefined where no link stands under that name. */
async function targetOf(folder: Folder, name: Buffer): Promise<Buffer | undefined> {
  try {
    return await folder.readlink(name)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'EINVAL' || errno === 'ENOENT') return undefined
    folder.close()
    throw error
  }
}

async function descriptorOf(linux: Linux, pid: number | 'self'): Promise<number> {
  const path = pid === 'self' ? '/' : `/proc/${pid}/root`
  try {
    return await openDescriptor(path, O_PATH)
  } catch (error) {
    throw typeof pid === 'number' ? rootTrouble(linux, pid, error) : error
  }
}

function rootTrouble(linux: Linux, pid: number, error: unknown): unknown {
  const errno = errnoOf(error)
  if (errno === 'ENOENT' || errno === 'ESRCH')
    return new ToolError('not_found', `process ${pid} has ended, or has no root any more`, { cause: error })
  if (errno !== 'EACCES' && errno !== 'EPERM') return error
  const { reason, remedy } = explainPtraceDenial(linux, pid)
  return new ToolError('not_permitted', `the files of process ${pid} can't be seen: ${reason}`, {
    remedy,
    cause: error,
  })
}

const openDescriptor = promisify(open) as (path: string, flags: number) => Promise<number>

function knowsOpenat2(direct: DirectCalls, root: number): boolean {
  try {
    close(direct.openInRoot(root, Buffer.from('/'), O_PATH))
    return true
  } catch {
    return false
  }
}
