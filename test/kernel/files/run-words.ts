import { Buffer } from 'node:buffer'
import { commandOf } from '../../../server/cli/grammar.ts'
import { parseWords } from '../../../server/cli/parse.ts'
import { systemClock } from '../../../server/core/context.ts'
import { ToolError } from '../../../server/core/errors.ts'
import { parseInput } from '../../../server/core/input.ts'
import { run } from '../../../server/core/run.ts'
import type { End, Renderer, Screen, ToolEvent } from '../../../server/core/tool.ts'
import { linuxAt } from '../../../server/linux/linux.ts'
import { files } from '../../../server/tools/files/tool.ts'

export interface Printed {
  status: number
  stdout: Buffer
  stderr: string
}

const plain: Screen = { colour: false, isTerminal: false, columns: 80 }

/** One command line of an applet in this process: what it prints, on a screen of this kind. */
export async function runWords(
  word: string,
  words: readonly string[],
  { cwd, screen = plain }: { cwd?: string; screen?: Screen } = {},
): Promise<Printed> {
  const back = process.cwd()
  if (cwd) process.chdir(cwd)
  const command = commandOf(files as never, word)
  const [out, err]: [Buffer[], string[]] = [[], []]
  const end: End<ToolEvent> = {}
  try {
    const { draft } = await parseWords(command, words, { read: () => Promise.reject(new Error('no files')) })
    const fields = (shape: object) => Object.fromEntries(Object.entries(draft).filter(([name]) => name in shape))
    const input = await parseInput(files.input, fields(files.input.shape))
    const view = await parseInput(files.view, fields(files.view.shape))
    const render = files.applets[word]?.text?.(input as never, view as never, screen) as Renderer<ToolEvent>
    const signal = new AbortController().signal
    for await (const event of run(files as never, input, {
      signal,
      stop: signal,
      clock: systemClock,
      linux: linuxAt('/'),
    } as never)) {
      if (event.type === 'summary') end.summary = event as never
      for (const chunk of [render(event)].flat())
        if (typeof chunk === 'string') out.push(Buffer.from(chunk))
        else if (chunk instanceof Uint8Array) out.push(Buffer.from(chunk))
        else if (chunk && 'stderr' in chunk) err.push(chunk.stderr)
    }
  } catch (error) {
    end.error = ToolError.from(error)
    err.push(`${word}: ${end.error.message}\n${end.error.remedy ?? ''}\n`)
  } finally {
    process.chdir(back)
  }
  return {
    status: files.applets[word]!.exitStatus?.(end as never) ?? 0,
    stdout: Buffer.concat(out),
    stderr: err.join(''),
  }
}
