import { type RunContext, systemClock } from '../core/context.ts'
import type { Registry, ToolEntry } from '../core/tool.ts'
import { commandOf } from './grammar.ts'
import { runCommand } from './run-command.ts'

/** The tool that a word stands for: its name, or one of its applets. */
export function findTool<Context extends RunContext>(
  registry: Registry<Context>,
  word: string,
): ToolEntry<Context> | undefined {
  return registry.find(({ name }) => name === word) ?? registry.find(({ applets }) => applets.includes(word))
}

/** Runs one word of the registry with its command line; gives the exit status. `asApplet`: it was called by that word alone. */
export async function runWord<Context extends RunContext>(
  entry: ToolEntry<Context>,
  word: string,
  words: readonly string[],
  extra: Omit<Context, keyof RunContext>,
  asApplet: boolean,
): Promise<number> {
  const tool = await entry.load()
  const isApplet = asApplet || word !== entry.name
  return runCommand(commandOf(tool as never, isApplet ? word : undefined), words, { clock: systemClock, ...extra })
}
