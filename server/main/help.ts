import { registry } from '../tools/registry.ts'

/** The commands beside the tools. */
export const commands: readonly (readonly [name: string, summary: string])[] = [
  ['serve', 'Serve the page and the API on 127.0.0.1:7681'],
  ['up', 'The same behind a shell, when a terminal is there'],
  ['enter', "A shell, or one command, inside another container's root"],
  ['send', 'Hold out files to whoever looks at this terminal in a browser'],
  ['url', 'Print the address of the ditty running here, with its token'],
  ['play', 'Play a recorded session (asciicast) in this terminal'],
  ['completion', 'Print what makes bash complete these words: ditty completion bash'],
  ['version', 'Print the version'],
]

/** `ditty help`: the commands, and every tool with the words that lead to it. */
export async function help(): Promise<number> {
  const tools = await Promise.all(registry.map(({ load }) => load()))
  const rows = tools.map(({ name, applets, summary }) => [name, `${summary} (${Object.keys(applets).join(', ')})`])
  const list = (rows: readonly (readonly string[])[]) =>
    rows.map(([name, text]) => `  ${name!.padEnd(10)} ${text}`).join('\n')
  process.stdout.write(
    `ditty: a debug toolbox for stripped pods\n\nUsage: ditty COMMAND [flags]\n\nTools (and the words that run them):\n${list(rows)}\n\nCommands:\n${list(commands)}\n\nditty COMMAND --help tells more.\n`,
  )
  return 0
}
