import { ToolError } from '../../core/errors.ts'
import type { Portion } from '../../core/tool.ts'
import type { OpenFile } from '../../linux/root/folder.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { openTargetRoot } from '../contents/open-root.ts'
import { isStandardInput, standardInput } from '../contents/paths.ts'
import { readBlocks } from '../contents/read-blocks.ts'
import { type TroubleEvent, troubleOf } from '../contents/trouble.ts'
import { untilAborted } from '../contents/until-aborted.ts'
import type { ToolContext } from '../context.ts'
import type { Line } from './line.ts'
import { Matcher } from './matcher.ts'
import { compile } from './pattern/compile.ts'
import type { GrepEvent, GrepInput, GrepSummary } from './schema.ts'
import { FileSearch, type SearchPlan } from './search.ts'
import { walk } from './walk.ts'
import { maxLineBytes, WholeLines } from './whole-lines.ts'

export type GrepEvents = AsyncGenerator<Portion<GrepEvent>>

const newline = 0x0a
const noPatterns = 'is missing: a pattern, or several'

/** Searches one file after the other. What can't be read is told of, and the rest is searched. */
export async function* runGrep(input: GrepInput, context: ToolContext): GrepEvents {
  if (input.patterns.length === 0)
    throw new ToolError('invalid_input', `patterns: ${noPatterns}`, {
      fields: [{ path: 'patterns', message: noPatterns }],
    })
  const endOfLine = input.nullData ? 0 : newline
  const patterns = [...new Set(input.patterns.flatMap(pattern => pattern.split('\n')))]
  const matcher = new Matcher(compile(patterns, { ...input, endOfLine }), endOfLine)
  using root = await openTargetRoot(context, input.target)
  const grep = new Grep({ matcher, input }, context, root)
  for (const path of pathsOf(input)) {
    yield* isStandardInput(path, input.target) ? grep.standardInput() : walk(grep, path)
    if (grep.isDone) break
  }
  yield grep.summary()
}

/** Below where one stands, names have nothing before them. */
const pathsOf = ({ paths, recursive }: GrepInput) =>
  paths.length > 0 ? paths : [recursive === 'no' ? standardInput : '']

/** One run. */
export class Grep {
  readonly input: GrepInput
  readonly context: ToolContext
  readonly root: FileRoot
  readonly #plan: SearchPlan
  readonly #lines: WholeLines
  readonly #looksForZeros: boolean
  /** Whether it makes a difference where lines of a file that is no text end. */
  readonly #needsLines: boolean
  readonly #summary: Omit<GrepSummary, 'stopped' | 'decided'> = {
    type: 'summary',
    files: 0,
    filesMatched: 0,
    matches: 0,
    bytes: 0,
    troubles: 0,
    skipped: 0,
  }

  constructor(plan: SearchPlan, context: ToolContext, root: FileRoot) {
    this.input = plan.input
    this.context = context
    this.root = root
    this.#plan = plan
    const { nullData, binary, invert, want } = plan.input
    this.#lines = new WholeLines(plan.matcher.endOfLine, plan.input.before)
    this.#looksForZeros = !nullData && binary !== 'text'
    this.#needsLines = !plan.matcher.isLiteral || invert || want === 'count'
  }

  /** Nothing more is to be found out. */
  get isDone(): boolean {
    return this.context.stop.aborted || this.#isDecided
  }

  get #isDecided(): boolean {
    return this.input.want === 'status' && this.#summary.matches > 0
  }

  summary(): GrepSummary {
    return { ...this.#summary, decided: this.#isDecided, stopped: this.context.stop.aborted }
  }

  async *standardInput(): GrepEvents {
    const { stdin, signal, stop } = this.context
    if (!stdin) {
      const message = 'standard input (-) is there on a command line alone'
      throw new ToolError('invalid_input', `paths: ${message}`, { fields: [{ path: 'paths', message }] })
    }
    yield* this.#search(standardInput, untilAborted(stdin(), [signal, stop]))
    signal.throwIfAborted()
  }

  file(path: string, file: OpenFile): GrepEvents {
    return this.#search(path, readBlocks(file, this.context.signal))
  }

  skipped(path: string, why: string): GrepEvent {
    this.#summary.skipped++
    return { type: 'skipped', path, why }
  }

  async trouble(path: string, error: unknown, bytes: Buffer): Promise<TroubleEvent> {
    const event = await troubleOf({ linux: this.context.linux, root: this.root }, error, path, bytes)
    this.#summary.troubles++
    return event
  }

  async *#search(path: string, blocks: AsyncIterable<Uint8Array>): GrepEvents {
    const search = new FileSearch(this.#plan, path)
    const lines = this.#lines
    lines.begin()
    const summary = this.#summary
    summary.files++
    try {
      yield* this.#found(search, lines, blocks)
      if (lines.wasCut) yield await this.trouble(path, cut(), Buffer.from(path))
    } finally {
      summary.matches += search.matches
      if (search.matches > 0) summary.filesMatched++
    }
    const file = this.#fileEvent(path, search)
    if (file) yield file
  }

  async *#found(search: FileSearch, lines: WholeLines, blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
    const isDone = () => search.isDone || this.context.stop.aborted
    for await (const block of blocks) {
      this.#summary.bytes += block.length
      if (this.#looksForZeros && block.includes(0)) {
        search.meetsBinary()
        if (this.#needsLines) endLinesAtZeros(block)
      }
      if (isDone()) return
      const whole = lines.push(block)
      const found = whole ? search.push(whole) : []
      if (found.length > 0) yield found
      if (isDone()) return
    }
    const rest = lines.rest()
    const found = rest ? search.push(rest) : []
    if (found.length > 0) yield found
  }

  #fileEvent(path: string, { matches, isBinary, hasInvalid }: FileSearch): GrepEvent | undefined {
    const { want } = this.input
    const isTold =
      want === 'count' ||
      (want === 'names' && matches > 0) ||
      (want === 'namesWithout' && matches === 0) ||
      (want === 'lines' && (isBinary || hasInvalid))
    return isTold ? { type: 'file', path, matches, isBinary, hasInvalid } : undefined
  }
}

/** A zero byte ends a line of a file that is no text, as GNU grep has it. */
function endLinesAtZeros(block: Uint8Array): void {
  for (let at = block.indexOf(0); at < block.length; at++) if (block[at] === 0) block[at] = newline
}

const cut = () => new ToolError('unsupported', `a line of more than ${maxLineBytes} bytes was searched in pieces`)
