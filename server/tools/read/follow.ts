import { errnoOf, type Linux } from '../../linux/linux.ts'
import { type OpenFile, SpecialFileError } from '../../linux/root/folder.ts'
import type { FileStatus } from '../../linux/root/status.ts'
import { atPath } from '../contents/paths.ts'
import { readBlocks } from '../contents/read-blocks.ts'
import { type Followed, fileEvent, type ReadEvents, type Reading } from './reading.ts'
import type { Change, ChangeEvent } from './schema.ts'
import { Waker } from './waker.ts'

/** While a name leads to nothing, a new file is soon there: a rotation takes no longer. */
const missingMs = 100

/** Goes on with what files grow by, until it is told to stop, the time is up, the process has ended or no file is left. */
export async function* follow(reading: Reading): ReadEvents {
  const { input, context } = reading
  using followers = new Followers(reading)
  const until = input.seconds === undefined ? Infinity : context.clock.monotonic() + input.seconds * 1000
  yield* followers.giveUpHopeless()
  while (!context.stop.aborted && !context.signal.aborted) {
    const hasEnded = input.whilePid !== undefined && !isAlive(context.linux, input.whilePid)
    yield* followers.look()
    const left = until - context.clock.monotonic()
    const ending = followers.isEmpty
      ? 'no files remaining'
      : hasEnded
        ? 'process ended'
        : left <= 0
          ? 'time is up'
          : undefined
    if (ending) {
      reading.ending = ending
      return
    }
    await followers.sleep(Math.min(left, input.intervalSeconds * 1000))
  }
}

function isAlive(linux: Linux, pid: number): boolean {
  try {
    linux.peek(`/proc/${pid}/stat`)
    return true
  } catch {
    return false
  }
}

class Followers implements Disposable {
  readonly #reading: Reading
  readonly #waker: Waker
  readonly #signals: AbortSignal[]
  /** Whose content came last. */
  #shown: Followed | undefined

  constructor(reading: Reading) {
    const { clock, signal, stop } = reading.context
    this.#reading = reading
    this.#waker = new Waker(clock)
    this.#signals = [signal, stop]
    this.#shown = reading.followed.at(-1)
    for (const { file } of reading.followed) if (file) this.#waker.watch(file.fd)
  }

  get isEmpty(): boolean {
    return this.#reading.followed.length === 0
  }

  /** What was no file at the beginning is only waited for where that was asked for. */
  async *giveUpHopeless(): ReadEvents {
    const { followed, input } = this.#reading
    for (const one of [...followed]) {
      if (one.file || (input.retry && input.follow === 'name')) continue
      if (one.trouble?.errno === 'EISDIR') yield this.#change(one, 'not followed', 'it is no file')
      if (!input.retry || one.trouble?.errno === 'EISDIR') this.#drop(one)
    }
  }

  async *look(): ReadEvents {
    for (const one of [...this.#reading.followed]) {
      if (one.file) yield* this.#guarded(one, this.#more(one, one.file))
      if (!one.file || this.#reading.input.follow === 'name') yield* this.#guarded(one, this.#byName(one))
      if (this.#reading.context.stop.aborted) return
    }
  }

  sleep(ms: number): Promise<void> {
    const isMissing = this.#reading.followed.some(({ file }) => !file)
    return this.#waker.sleep(isMissing ? Math.min(ms, missingMs) : ms, this.#signals)
  }

  [Symbol.dispose](): void {
    this.#waker[Symbol.dispose]()
    for (const { file } of this.#reading.followed) file?.close()
  }

  /** What can't be read any more is told of and left. */
  async *#guarded(one: Followed, events: ReadEvents): ReadEvents {
    try {
      yield* events
    } catch (error) {
      yield await this.#reading.trouble(one.path, error)
      this.#drop(one)
    }
  }

  async *#more(one: Followed, file: OpenFile): ReadEvents {
    const { size } = await file.statusNow()
    if (size < one.position) {
      yield this.#change(one, 'truncated', null)
      one.position = 0
    }
    const start = one.position
    for await (const payload of this.#reading.pass(this.#blocks(one, file))) {
      if (this.#shown !== one) yield fileEvent(one.path, file, start)
      this.#shown = one
      yield payload
    }
  }

  async *#blocks(one: Followed, file: OpenFile): AsyncGenerator<Uint8Array> {
    for await (const block of readBlocks(file, this.#reading.context.signal, { from: one.position })) {
      one.position += block.length
      yield block
    }
  }

  async *#byName(one: Followed): ReadEvents {
    const found = await this.#find(one)
    if (!('status' in found)) return yield* this.#missing(one, found.error)
    if (one.file && found.status.isSame(one.file.status)) return
    const change = one.file ? 'replaced' : one.trouble?.errno === 'ENOENT' ? 'appeared' : 'accessible'
    if (one.file) yield* this.#more(one, one.file)
    try {
      const file = await this.#reading.open(one.path)
      yield this.#change(one, change, null)
      this.#take(one, file)
    } catch (error) {
      return yield* this.#missing(one, error)
    }
    this.#shown = one
    yield this.#reading.opened(one.path, one.file!)
    yield* this.#more(one, one.file!)
  }

  #find({ path }: Followed): Promise<{ status: FileStatus } | { error: unknown }> {
    return atPath(path, bytes => this.#reading.root.status(bytes)).then(
      status => ({ status }),
      error => ({ error }),
    )
  }

  async *#missing(one: Followed, error: unknown): ReadEvents {
    const { input } = this.#reading
    if (!(error instanceof SpecialFileError) && errnoOf(error) === undefined) throw error
    const before = one.trouble
    const trouble = await this.#reading.describe(one.path, error)
    const wasThere = one.file !== undefined
    this.#take(one, undefined)
    one.trouble = trouble
    if (wasThere || before?.errno !== trouble.errno) yield this.#change(one, 'inaccessible', trouble.problem)
    if (!input.retry) this.#drop(one)
  }

  #take(one: Followed, file: OpenFile | undefined): void {
    if (one.file) {
      this.#waker.unwatch(one.file.fd)
      one.file.close()
    }
    one.file = file
    one.position = 0
    one.trouble = undefined
    if (file) this.#waker.watch(file.fd)
  }

  #drop(one: Followed): void {
    this.#take(one, undefined)
    const { followed } = this.#reading
    if (followed.includes(one)) followed.splice(followed.indexOf(one), 1)
  }

  #change({ path }: Followed, change: Change, problem: string | null): ChangeEvent {
    const time = new Date(this.#reading.context.clock.now()).toISOString()
    return { type: 'change', path, change, time, problem }
  }
}
