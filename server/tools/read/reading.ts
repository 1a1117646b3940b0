import { ToolError } from '../../core/errors.ts'
import { Payload } from '../../core/payload.ts'
import { WholeCharacters } from '../../core/whole-characters.ts'
import type { OpenFile } from '../../linux/root/folder.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { dateOf } from '../../linux/root/status.ts'
import { atPath, standardInput } from '../contents/paths.ts'
import { readBlocks } from '../contents/read-blocks.ts'
import { type TroubleEvent, troubleOf } from '../contents/trouble.ts'
import { untilAborted } from '../contents/until-aborted.ts'
import type { ToolContext } from '../context.ts'
import { partOf, spanOf } from './part.ts'
import type { FileEvent, ReadEvent, ReadInput, ReadSummary } from './schema.ts'

export type ReadEvents<Result = void> = AsyncGenerator<ReadEvent | Payload, Result>

/** A file that more is awaited of. */
export interface Followed {
  path: string
  file: OpenFile | undefined
  /** Of the next byte. */
  position: number
  /** Why there is no file. */
  trouble: TroubleEvent | undefined
}

/** One run: what was read, and what is still open to be followed. */
export class Reading {
  readonly input: ReadInput
  readonly context: ToolContext
  readonly root: FileRoot
  readonly followed: Followed[] = []
  ending: ReadSummary['ending'] = 'end'
  #files = 0
  #bytes = 0
  #troubles = 0

  constructor(input: ReadInput, context: ToolContext, root: FileRoot) {
    this.input = input
    this.context = context
    this.root = root
  }

  summary(): ReadSummary {
    const ending = this.context.stop.aborted ? 'stopped' : this.ending
    return { type: 'summary', files: this.#files, bytes: this.#bytes, troubles: this.#troubles, ending }
  }

  async *standardInput(): ReadEvents {
    const { stdin, signal, stop } = this.context
    if (!stdin) {
      const message = 'standard input (-) is there on a command line alone'
      throw new ToolError('invalid_input', `paths: ${message}`, { fields: [{ path: 'paths', message }] })
    }
    yield { type: 'file', path: standardInput, sizeBytes: null, offset: null, modifiedTime: null }
    this.#files++
    yield* this.pass(partOf(untilAborted(stdin(), [signal, stop]), this.input))
    signal.throwIfAborted()
  }

  async *file(path: string): ReadEvents {
    const { input } = this
    const followed: Followed = { path, file: undefined, position: 0, trouble: undefined }
    if (input.follow !== 'no') this.followed.push(followed)
    try {
      const file = await this.open(path)
      followed.file = file
      const { span, rest } = await spanOf(file, input)
      const isByLines = input.unit === 'lines' && input.from !== undefined
      yield fileEvent(path, file, isByLines ? null : (span.from ?? 0))
      this.#files++
      followed.position = span.from ?? 0
      const blocks = counted(readBlocks(file, this.context.signal, span), count => {
        followed.position += count
      })
      yield* this.pass(partOf(blocks, rest))
    } catch (error) {
      followed.trouble = await this.trouble(path, error)
      yield followed.trouble
    } finally {
      if (input.follow === 'no') followed.file?.close()
    }
  }

  open(path: string): Promise<OpenFile> {
    return atPath(path, bytes => this.root.open(bytes))
  }

  async trouble(path: string, error: unknown): Promise<TroubleEvent> {
    const event = await this.describe(path, error)
    this.#troubles++
    return event
  }

  /** The same of what is no trouble while it is waited for. */
  describe(path: string, error: unknown): Promise<TroubleEvent> {
    return troubleOf({ linux: this.context.linux, root: this.root }, error, path, Buffer.from(path))
  }

  /** What was opened later than the others. */
  opened(path: string, file: OpenFile): FileEvent {
    this.#files++
    return fileEvent(path, file, 0)
  }

  /** Bytes as they come, cut between characters; ends early when someone asks for the summary. */
  async *pass(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Payload> {
    const characters = new WholeCharacters()
    for await (const block of blocks) {
      const whole = characters.push(block)
      this.#bytes += whole.length
      if (whole.length > 0) yield new Payload(whole)
      if (this.context.stop.aborted) return
    }
    const rest = characters.rest()
    this.#bytes += rest.length
    if (rest.length > 0) yield new Payload(rest)
  }
}

export const fileEvent = (path: string, { status }: OpenFile, offset: number | null): FileEvent => ({
  type: 'file',
  path,
  sizeBytes: status.size,
  offset,
  modifiedTime: dateOf(status.modified).toISOString(),
})

async function* counted(blocks: AsyncIterable<Buffer>, count: (bytes: number) => void) {
  for await (const block of blocks) {
    count(block.length)
    yield block
  }
}
