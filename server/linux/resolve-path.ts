import { constants } from 'node:fs'
import { type FileHandle, open, readlink } from 'node:fs/promises'

/** Only a place in the tree, opened for nothing: no device is woken, no right to read is needed. open(2), O_PATH. */
export const O_PATH = 0o10000000
const { O_NOFOLLOW } = constants

/** As the kernel has it: more links than these are a loop. path_resolution(7). */
const maxLinks = 40
/** Steps of one path, each a descriptor until the path is done. Real trees are a tenth as deep. */
const maxSteps = 256

export interface Confines {
  /** Where a relative path begins. */
  start: FileHandle
  /** Where an absolute path or link begins, and above which nothing leads. null: nothing may lead out of `start`. */
  root: FileHandle | null
}

/** A path that can't be followed, with the errno that openat2(2) would give. */
export class PathError extends Error {
  override readonly name = 'PathError'
  readonly code: 'ENOTDIR' | 'ELOOP' | 'EXDEV'

  constructor(code: PathError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** What stands in an open directory under a name, as a path for any call of node:fs. The name is not looked up again from above. */
export const inDirectory = (directory: FileHandle, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`/proc/self/fd/${directory.fd}/`), name])

/** The same thing opened once more, for reading say. */
export const reopen = (handle: FileHandle, flags: number): Promise<FileHandle> =>
  open(`/proc/self/fd/${handle.fd}`, flags)

export const openPlace = (path: string): Promise<FileHandle> => open(path, O_PATH)

/**
 * Where a path of any bytes leads, links followed, within its confines: RESOLVE_BENEATH and RESOLVE_IN_ROOT of openat2(2), step by
 * step, so that it also works before Linux 5.6, in gVisor and under a seccomp filter that doesn't know that call, and without
 * loading koffi. Each step starts from an open directory, so renaming what was passed leads nowhere else. Throws Node's error or
 * PathError.
 */
export async function resolvePath(confines: Confines, path: Buffer): Promise<FileHandle> {
  const walk = new Walk(confines)
  try {
    await walk.along(path)
    return await reopen(walk.here, O_PATH)
  } finally {
    await walk.close()
  }
}

class Walk {
  readonly #root: FileHandle | null
  readonly #opened: FileHandle[] = []
  #base: FileHandle
  /** Directories passed below the base: what `..` goes back through. */
  #trail: FileHandle[] = []
  #todo: Buffer[] = []
  #links = 0

  constructor({ start, root }: Confines) {
    this.#base = start
    this.#root = root
  }

  get here(): FileHandle {
    return this.#trail.at(-1) ?? this.#base
  }

  async along(path: Buffer): Promise<void> {
    this.#enter(path)
    for (let steps = 0; ; steps++) {
      const name = this.#todo.pop()
      if (name === undefined) return
      if (steps >= maxSteps) throw new PathError('ELOOP', `a path of more than ${maxSteps} steps`)
      const text = name.toString('latin1')
      if (text === '..') await this.#up()
      else if (text !== '' && text !== '.') await this.#down(name)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(handle => handle.close()))
  }

  /** Puts the steps of a path or a link before those still to go. */
  #enter(path: Buffer): void {
    if (path[0] === 0x2f) {
      if (!this.#root) throw new PathError('EXDEV', 'it leads out of the directory')
      this.#base = this.#root
      this.#trail = []
    }
    this.#todo.push(...split(path).reverse())
  }

  async #down(name: Buffer): Promise<void> {
    const path = inDirectory(this.here, name)
    const step = await this.#open(path)
    const status = await step.stat()
    if (status.isSymbolicLink()) {
      if (++this.#links > maxLinks) throw new PathError('ELOOP', 'too many links, or links in a circle')
      this.#enter(await readlink(path, { encoding: 'buffer' }))
    } else if (this.#todo.length > 0 && !status.isDirectory())
      throw new PathError('ENOTDIR', 'a file where a directory should be')
    else this.#trail.push(step)
  }

  async #up(): Promise<void> {
    if (this.#trail.pop()) return
    if (!this.#root) throw new PathError('EXDEV', 'it leads out of the directory')
    if (await isSame(this.#base, this.#root)) return
    this.#base = await this.#open(inDirectory(this.#base, Buffer.from('..')))
  }

  async #open(path: Buffer): Promise<FileHandle> {
    const handle = await open(path, O_PATH | O_NOFOLLOW)
    this.#opened.push(handle)
    return handle
  }
}

async function isSame(one: FileHandle, other: FileHandle): Promise<boolean> {
  const [a, b] = await Promise.all([one.stat({ bigint: true }), other.stat({ bigint: true })])
  return a.dev === b.dev && a.ino === b.ino
}

/** Names between slashes; empty ones where slashes meet. */
export function split(path: Buffer): Buffer[] {
  const names: Buffer[] = []
  for (let from = 0; ; ) {
    const slash = path.indexOf(0x2f, from)
    names.push(path.subarray(from, slash < 0 ? path.length : slash))
    if (slash < 0) return names
    from = slash + 1
  }
}
