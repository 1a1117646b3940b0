import { fstatSync } from 'node:fs'
import type { RunContext } from '../core/context.ts'
import { errorTable, ToolError } from '../core/errors.ts'
import { parseInput } from '../core/input.ts'
import type { LiveScreen, Stage } from '../core/live.ts'
import { runInPortions } from '../core/run.ts'
import type { Steering } from '../core/steering.ts'
import type { Chunk, Draft, End, ObjectSchema, Renderer, Screen, ToolEvent, WordFiles } from '../core/tool.ts'
import type { Command } from './grammar.ts'
import { helpText } from './help.ts'
import type { Show } from './live/show.ts'
import { Output, OutputClosed } from './output.ts'
import { type Parsed, parseWords } from './parse.ts'
import { inWordsOf } from './usage-error.ts'

/** node:fs/promises and node:tty cost 3 ms at start, which few command lines need. */
const wordFiles: WordFiles = {
  async read(path) {
    if (path === '-') return Buffer.concat(await Array.fromAsync(process.stdin as AsyncIterable<Buffer>))
    const { readFile } = await import('node:fs/promises')
    return readFile(path)
  },
}

async function isTerminal(descriptor: number): Promise<boolean> {
  return fstatSync(descriptor).isCharacterDevice() && (await import('node:tty')).isatty(descriptor)
}

/** Runs one command line and gives its exit status. */
export async function runCommand(
  command: Command,
  words: readonly string[],
  context: Omit<RunContext, 'signal' | 'stop'>,
): Promise<number> {
  const output = new Output()
  const end: End<ToolEvent> = {}
  try {
    const parsed = await parseWords(command, words, wordFiles)
    if (parsed.help) await output.write(helpText(command, (await screen()).columns))
    else await runParsed(command, parsed, context, output, end)
    await output.flush()
  } catch (error) {
    if (error instanceof OutputClosed) return statusOfClosedPipe
    end.error = ToolError.from(error)
    await sayFailure(output, command.name, end.error, words.includes('--json')).catch(() => undefined)
  } finally {
    output.close()
  }
  return exitStatus(command, end)
}

/** 128 + SIGPIPE, as a C tool would end. */
const statusOfClosedPipe = 141

async function runParsed(
  command: Command,
  { draft, json }: Parsed,
  context: Omit<RunContext, 'signal' | 'stop'>,
  output: Output,
  end: End<ToolEvent>,
): Promise<void> {
  const { tool, applet } = command
  const [inputDraft, viewDraft] = split(draft, Object.keys(tool.view.shape))
  const input = await parseTyped(command, tool.input, inputDraft)
  const view = await parseTyped(command, tool.view, viewDraft)
  using interrupts = watchInterrupts(tool.stoppable ?? false)
  const runContext = { ...context, ...interrupts.signals }
  const live =
    !json && applet?.live && (await openLive(applet.live as never, input, view, runContext, interrupts.press))
  using show = live ? live.show : undefined
  const text = applet?.text ?? tool.text
  const render = json ? jsonLine : (text(input as never, view as never, await screen()) as Renderer<ToolEvent>)
  const begun = live ? { ...runContext, steering: live.steering } : runContext
  for await (const events of runInPortions(tool, input, begun)) {
    const summary = events.at(-1)
    if (summary?.type === 'summary') {
      end.summary = summary as never
      end.outcome = tool.outcome(summary as never, input)
    }
    if (show) for (const event of events) show.take(event)
    else await output.write(chunksOf(events, render))
  }
}

/** Texts in a row become one. */
function chunksOf(events: readonly ToolEvent[], render: Renderer<ToolEvent>): Chunk[] {
  const chunks: Chunk[] = []
  let text = ''
  for (const event of events) {
    const rendered = render(event)
    for (const chunk of Array.isArray(rendered) ? rendered : [rendered]) {
      if (typeof chunk === 'string') text += chunk
      else if (chunk !== undefined) {
        chunks.push(text, chunk)
        text = ''
      }
    }
  }
  chunks.push(text)
  return chunks
}

/** A screen with keys, where both ends are a terminal and the applet has one for this view. */
async function openLive(
  make: (stage: Stage<unknown, unknown>) => Promise<LiveScreen<ToolEvent> | undefined>,
  input: unknown,
  view: unknown,
  context: RunContext,
  quit: () => void,
): Promise<{ show: Show; steering: Steering } | undefined> {
  const { colour, isTerminal: hasScreen } = await screen()
  if (!hasScreen || process.env.TERM === 'dumb' || !(await isTerminal(0))) return undefined
  const { openStage } = await import('./live/stage.ts')
  return openStage(make, { input, view, colour, context, quit })
}

const parseTyped = (command: Command, schema: ObjectSchema, draft: Draft) =>
  parseInput(schema, draft).catch(error => {
    throw inWordsOf(command, ToolError.from(error))
  })

/** Scripts read the last line of the stream, people standard error. */
async function sayFailure(output: Output, name: string, error: ToolError, json: boolean): Promise<void> {
  if (json) await output.write(jsonLine(error.toJSON()))
  await output.flush()
  await output.write({ stderr: errorText(name, error) })
}

const jsonLine = (event: ToolEvent) => `${JSON.stringify(event)}\n`

function split(draft: Draft, viewFields: readonly string[]): [input: Draft, view: Draft] {
  const parts: [Draft, Draft] = [{}, {}]
  for (const [field, value] of Object.entries(draft)) parts[viewFields.includes(field) ? 1 : 0][field] = value
  return parts
}

async function screen(): Promise<Screen> {
  if (!(await isTerminal(1))) return { colour: false, isTerminal: false, columns: 80 }
  const colour = !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  return { colour, isTerminal: true, columns: process.stdout.columns || 80 }
}

function errorText(name: string, error: ToolError): string {
  if (error.code === 'cancelled') return ''
  return `${name}: ${error.message}${error.remedy ? `\n${name}: ${error.remedy}` : ''}\n`
}

function exitStatus({ applet }: Command, end: End<ToolEvent>): number {
  const native = applet?.exitStatus?.(end as never)
  if (native !== undefined) return native
  if (end.error) return errorTable[end.error.code].exitStatus
  return end.outcome === 'negative' ? 1 : 0
}

/**
 * The first Ctrl-C asks a stoppable tool for its summary; the next cancels. SIGTERM and SIGHUP end the process as they end a
 * C tool, even one whose reader has stopped reading.
 */
function watchInterrupts(
  stoppable: boolean,
): { signals: Pick<RunContext, 'signal' | 'stop'>; press(): void } & Disposable {
  const cancel = new AbortController()
  const stop = new AbortController()
  const onInterrupt = () => (stoppable && !stop.signal.aborted ? stop.abort() : cancel.abort())
  process.on('SIGINT', onInterrupt)
  return {
    signals: { signal: cancel.signal, stop: stop.signal },
    press: onInterrupt,
    [Symbol.dispose]: () => void process.off('SIGINT', onInterrupt),
  }
}
