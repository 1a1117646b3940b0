import { commandOf } from '../../../server/cli/grammar.ts'
import { parseWords } from '../../../server/cli/parse.ts'
import { parseInput } from '../../../server/core/input.ts'
import type { Chunk, Renderer } from '../../../server/core/tool.ts'
import type { Linux } from '../../../server/linux/linux.ts'
import type { LimitsEvent } from '../../../server/tools/limits/schema.ts'
import { limits } from '../../../server/tools/limits/tool.ts'
import { runLimits } from './run-limits.ts'

const noFiles = { read: () => Promise.reject(new Error('no file is read')) }
const screen = { colour: false, columns: 80, isTerminal: false }

/** What a command line prints: stdout and stderr apart. */
export async function printLimits(linux: Linux, line: string) {
  const [word = '', ...words] = line.split(' ').filter(Boolean)
  const command = commandOf(limits as never, word === 'limits' ? undefined : word)
  const { draft } = await parseWords(command, words, noFiles)
  const ofView = Object.keys(limits.view.shape)
  const part = (isView: boolean) =>
    Object.fromEntries(Object.entries(draft).filter(([field]) => ofView.includes(field) === isView))
  const { events } = await runLimits(linux, part(false))
  const text = (word === 'limits' ? limits : limits.applets[word])?.text
  const input = await parseInput(limits.input, part(false))
  const render = text?.(input, await parseInput(limits.view, part(true)), screen) as Renderer<LimitsEvent>
  const chunks = events.flatMap(event => [render(event) ?? []].flat() as Chunk[])
  const stdout = chunks.filter(chunk => typeof chunk === 'string').join('')
  const stderr = chunks.map(chunk => (typeof chunk === 'object' && 'stderr' in chunk ? chunk.stderr : '')).join('')
  return { stdout, stderr }
}
