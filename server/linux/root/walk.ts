import type { Calls } from './calls.ts'
import { O_NOFOLLOW, O_PATH } from './open-flags.ts'
import type { FileStatus } from './status.ts'

/** As the kernel has it: more links than these are a loop. path_resolution(7). */
export const maxLinks = 40
/** Steps of one path, each a descriptor until the path is done. Real trees are a tenth as deep. */
const maxSteps = 256

/** A path that can't be followed, with the errno that openat2(2) would give. */
export class PathError extends Error {
  override readonly name = 'PathError'
  readonly code: 'EBUSY' | 'ENOTDIR' | 'ENOTEMPTY' | 'ELOOP' | 'EXDEV' | 'EINVAL'

  constructor(code: PathError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** An open directory or file, and how it is asked about. */
export interface Step {
  descriptor: number
  calls: Calls
}

export interface WalkPlan {
  /** Where a relative path begins: a directory. */
  start: Step
  /** Where an absolute path or link begins, and above which nothing leads. null: nothing may lead out of `start`. */
  root: Step | null
  /** Whether a link at the very end leads on. Default: yes. */
  followLast?: boolean
  /** Whether a link may be followed by its words alone, as those of /proc are that mean more than they say. Throws what it refuses with. */
  checkLink?(link: Step, target: Buffer): Promise<void>
  /** How what stands under a name is to be asked about, where that isn't as its directory: behind a mount point. May throw. */
  cross?(directory: Step, name: Buffer): Promise<Calls | undefined>
}

/**
 * Where a path of any bytes leads, opened with O_PATH; whoever asks closes it. It is RESOLVE_BENEATH and RESOLVE_IN_ROOT of
 * openat2(2), step by step, so that it also works before Linux 5.6, in gVisor and under a seccomp filter that doesn't know that
 * call. Each step starts from an open directory, so renaming what was passed leads nowhere else. Throws Node's error or PathError.
 */
export async function walk(plan: WalkPlan, path: Buffer): Promise<Step> {
  const steps = new Walk(plan)
  try {
    await steps.along(path)
    return await steps.take()
  } finally {
    steps.close()
  }
}

class Walk {
  readonly #plan: WalkPlan
  readonly #opened = new Map<number, Calls>()
  #base: Step
  /** Directories passed below the base: what `..` goes back through. */
  #trail: Step[] = []
  #todo: Buffer[] = []
  #links = 0

  constructor(plan: WalkPlan) {
    this.#plan = plan
    this.#base = plan.start
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

  /** Where it stands, for the caller. */
  async take(): Promise<Step> {
    const { descriptor, calls } = this.#here
    if (this.#opened.delete(descriptor)) return this.#here
    return { descriptor: await calls.reopen(descriptor, O_PATH), calls }
  }

  close(): void {
    for (const [descriptor, calls] of this.#opened) calls.close(descriptor)
  }

  get #here(): Step {
    return this.#trail.at(-1) ?? this.#base
  }

  /** Puts the steps of a path or a link before those still to go. */
  #enter(path: Buffer): void {
    if (path[0] === 0x2f) {
      if (!this.#plan.root) throw new PathError('EXDEV', 'it leads out of the directory')
      this.#base = this.#plan.root
      this.#trail = []
    }
    this.#todo.push(...split(path).reverse())
  }

  async #down(name: Buffer): Promise<void> {
    const { followLast = true } = this.#plan
    const here = this.#here
    const step = await this.#open(here, name)
    const { type } = await statusOf(step)
    const isLast = this.#todo.length === 0
    if (type === 'link' && (followLast || !isLast)) await this.#follow(here, name, step)
    else if (!isLast && type !== 'directory') throw new PathError('ENOTDIR', 'a file where a directory should be')
    else this.#trail.push(step)
  }

  async #follow(directory: Step, name: Buffer, link: Step): Promise<void> {
    if (++this.#links > maxLinks) throw new PathError('ELOOP', 'too many links, or links in a circle')
    const target = await directory.calls.readlink(directory.descriptor, name)
    await this.#plan.checkLink?.(link, target)
    this.#enter(target)
  }

  async #up(): Promise<void> {
    if (this.#trail.pop()) return
    const { root } = this.#plan
    if (!root) throw new PathError('EXDEV', 'it leads out of the directory')
    const [base, top] = [await statusOf(this.#base), await statusOf(root)]
    if (!base.isSame(top)) this.#base = await this.#open(this.#base, Buffer.from('..'))
  }

  async #open(from: Step, name: Buffer): Promise<Step> {
    const calls = (await this.#plan.cross?.(from, name)) ?? from.calls
    const descriptor = await from.calls.open(from.descriptor, name, O_PATH | O_NOFOLLOW)
    this.#opened.set(descriptor, calls)
    return { descriptor, calls }
  }
}

const statusOf = async ({ descriptor, calls }: Step): Promise<FileStatus> => calls.status(descriptor)

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
