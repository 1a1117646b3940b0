import { Listeners } from '../listeners.ts'
import { words } from '../words.ts'
import { Speed } from './amounts.ts'
import type { Conflicts } from './conflict.ts'
import type { Destination } from './destination.ts'
import type { Bundle, Item } from './dropped.ts'
import { UnreadableError, uploadFile } from './upload-file.ts'

/** Files on their way at once, over all transfers: more gain nothing on one connection, and thousands shall not open thousands. */
const atOnce = 3
/** Failures that are kept by name; the rest is counted. */
const maxFailures = 100

export type Phase = 'going' | 'done' | 'failed' | 'cancelled'

interface Failure {
  item: Item
  why: string
}

let free = atOnce
const waiting: (() => void)[] = []

async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
  if (free === 0) await new Promise<void>(resolve => waiting.push(resolve))
  else free--
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
}

/** A file or a folder on its way. */
export class Transfer {
  readonly name: string
  readonly isFolder: boolean
  readonly destination: Destination
  readonly #bundle: Bundle
  readonly #conflicts: Conflicts
  readonly #changes = new Listeners()
  readonly #speed = new Speed()
  #abort = new AbortController()
  #failures: Failure[] = []
  /** Bytes of the files under way, by path. */
  readonly #partial = new Map<string, number>()
  readonly #lost = new Set<string>()
  #again: Item[] | undefined
  phase: Phase = 'going'
  isLooking = true
  isAsking = false
  files = 0
  filesDone = 0
  filesSkipped = 0
  filesFailed = 0
  bytes = 0
  #bytesDone = 0

  constructor(bundle: Bundle, destination: Destination, conflicts: Conflicts) {
    this.#bundle = bundle
    this.name = bundle.name
    this.isFolder = bundle.isFolder
    this.destination = destination
    this.#conflicts = conflicts
  }

  onChange(listener: () => void): () => void {
    return this.#changes.add(listener)
  }

  /** The connection is cut; it goes on by itself. */
  get isLost(): boolean {
    return this.#lost.size > 0
  }

  get bytesDone(): number {
    let sum = this.#bytesDone
    for (const bytes of this.#partial.values()) sum += bytes
    return sum
  }

  get bytesPerSecond(): number {
    return this.#speed.at(this.bytesDone)
  }

  /** The first few that failed, and why. */
  get failures(): string[] {
    return this.#failures.slice(0, 3).map(({ item, why }) => (this.isFolder ? `${item.path}: ${why}` : why))
  }

  async run(): Promise<void> {
    this.phase = 'going'
    const items = (this.#again ?? this.#bundle.items()) as AsyncIterable<Item> | Iterable<Item>
    this.#failures = []
    this.filesFailed = 0
    const under = new Set<Promise<void>>()
    try {
      for await (const item of items) {
        if (this.#abort.signal.aborted) break
        if (!this.#again) this.#count(item)
        const one = inTurn(() => this.#one(item)).finally(() => under.delete(one))
        under.add(one)
        // No further ahead than is sent, so that a folder of a million files isn't held in memory.
        while (under.size >= atOnce * 2) await Promise.race(under)
      }
    } catch (error) {
      this.#fail({ path: this.name, file: undefined }, error)
    }
    this.isLooking = false
    this.#changes.emit()
    await Promise.all(under)
    this.#finish()
  }

  cancel(): void {
    this.#abort.abort(new DOMException('cancelled', 'AbortError'))
    this.phase = 'cancelled'
    this.#changes.emit()
  }

  /** What failed once more; after a cancel all of it, which goes on with what isn't there yet. */
  retry(): void {
    this.#again = this.phase === 'failed' ? this.#failures.map(({ item }) => item) : undefined
    this.#abort = new AbortController()
    if (!this.#again) this.#reset()
    this.#speed.restart()
    void this.run()
  }

  #reset(): void {
    this.files = this.filesDone = this.filesSkipped = this.bytes = this.#bytesDone = 0
    this.isLooking = true
  }

  #count({ file }: Item): void {
    if (!file) return
    this.files++
    this.bytes += file.size
    this.#changes.emit()
  }

  async #one(item: Item): Promise<void> {
    if (this.#abort.signal.aborted) return
    try {
      if (item.file) await this.#file(item, item.file)
      else await this.destination.makeFolder(item.path)
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#fail(item, error)
    }
    this.#partial.delete(item.path)
    this.#lost.delete(item.path)
    this.#changes.emit()
  }

  async #file({ path }: Item, file: File): Promise<void> {
    const { signal } = this.#abort
    const upload = { destination: this.destination, path, file, signal }
    const outcome = await uploadFile(upload, {
      progress: bytes => {
        this.#partial.set(path, bytes)
        this.#changes.emit()
      },
      waiting: isWaiting => {
        if (isWaiting) this.#lost.add(path)
        else this.#lost.delete(path)
        this.#speed.restart()
        this.#changes.emit()
      },
      exists: path => this.#ask(path, signal),
    })
    if (outcome === 'skipped') {
      this.filesSkipped++
      this.bytes -= file.size
    } else {
      this.filesDone++
      this.#bytesDone += file.size
    }
  }

  async #ask(path: string, signal: AbortSignal) {
    this.isAsking = true
    this.#changes.emit()
    const answer = await this.#conflicts.ask(path, signal)
    this.isAsking = false
    this.#speed.restart()
    this.#changes.emit()
    return answer
  }

  #fail(item: Item, error: unknown): void {
    const why =
      error instanceof UnreadableError || error instanceof DOMException
        ? words.files.unreadable
        : String((error as Error).message)
    this.filesFailed++
    if (this.#failures.length < maxFailures) this.#failures.push({ item, why })
  }

  #finish(): void {
    if (this.phase !== 'cancelled') this.phase = this.filesFailed > 0 ? 'failed' : 'done'
    this.#changes.emit()
  }
}
