import { commandOf, fieldsOf } from '../../../server/cli/grammar.ts'
import { parseWords } from '../../../server/cli/parse.ts'
import { systemClock } from '../../../server/core/context.ts'
import { ToolError } from '../../../server/core/errors.ts'
import { parseInput } from '../../../server/core/input.ts'
import { run } from '../../../server/core/run.ts'
import type { Chunk, End, Renderer, Screen, ToolEvent } from '../../../server/core/tool.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { registry } from '../../../server/tools/registry.ts'

export interface Printed {
  stdout: Buffer
  stderr: string
  status: number | undefined
}

export interface Surroundings {
  stdin?: Uint8Array[]
  screen?: Screen
  /** Called with each event, before it is rendered. */
  onEvent?(event: ToolEvent): void
  signal?: AbortSignal
  stop?: AbortSignal
}

const never = new AbortController().signal
const plain: Screen = { colour: false, columns: 80, isTerminal: false }

/** What a command line prints, `cat -n FILE` or `ditty read FILE`, run in this process. */
export async function printed(words: string[], surroundings: Surroundings = {}): Promise<Printed> {
  const [word = '', ...rest] = words[0] === 'ditty' ? words.slice(1) : words
  const entry = registry.find(({ name, applets }) => (words[0] === 'ditty' ? name === word : applets.includes(word)))!
  const tool = await entry.load()
  const command = commandOf(tool as never, words[0] === 'ditty' ? undefined : word)
  const out: Buffer[] = []
  let stderr = ''
  const write = (chunk: Chunk) => {
    if (typeof chunk === 'string') out.push(Buffer.from(chunk))
    else if (chunk instanceof Uint8Array) out.push(Buffer.from(chunk))
    else if ('stderr' in chunk) stderr += chunk.stderr
  }
  const end: End<ToolEvent> = {}
  try {
    const files = { read: async () => Buffer.concat(surroundings.stdin ?? []) }
    const { draft } = await parseWords(command, rest, files)
    const part = (shape: object) => Object.fromEntries(Object.entries(draft).filter(([field]) => field in shape))
    const unknown = Object.keys(draft).filter(field => !(field in fieldsOf(tool as never)))
    if (unknown.length > 0) throw new Error(`flags without a field: ${unknown}`)
    const input = await parseInput(tool.input, part(tool.input.shape))
    const view = await parseInput(tool.view, part(tool.view.shape))
    const text = command.applet?.text ?? tool.text
    const render = text(input as never, view as never, surroundings.screen ?? plain) as Renderer<ToolEvent>
    const context = {
      clock: systemClock,
      linux: linuxAt('/'),
      signal: surroundings.signal ?? never,
      stop: surroundings.stop ?? never,
      ...(surroundings.stdin ? { stdin: () => streamOf(surroundings.stdin!) } : {}),
    }
    for await (const event of run(tool as never, input, context)) {
      surroundings.onEvent?.(event)
      if (event.type === 'summary') {
        end.summary = event as never
        end.outcome = tool.outcome(event as never, input)
      }
      for (const chunk of [render(event) ?? []].flat()) write(chunk)
    }
  } catch (error) {
    end.error = ToolError.from(error)
    stderr += `${word}: ${end.error.message}\n`
  }
  return { stdout: Buffer.concat(out), stderr, status: command.applet?.exitStatus?.(end as never) }
}

async function* streamOf(pieces: Uint8Array[]) {
  yield* pieces
}
