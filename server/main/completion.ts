import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { completedWords, completionTables, type PlainCommand } from '../cli/completion.ts'
import { ToolError } from '../core/errors.ts'
import { registry } from '../tools/registry.ts'
import { assetDirectory } from './assets.ts'
import { enterFlags } from './enter/options.ts'
import { guarded } from './guarded.ts'
import { commands } from './help.ts'
import { playFlags } from './play/options.ts'
import { sendFlags } from './send.ts'
import { serveFlags } from './serve-options.ts'

/** `ditty completion bash`: for the start-up file of a shell that ditty didn't start. */
export const completion = (words: string[]): Promise<number> =>
  guarded('ditty completion', async () => {
    if (words.length !== 1 || words[0] !== 'bash')
      throw new ToolError('invalid_input', 'the shell to complete in is missing; usage: ditty completion bash', {
        remedy: 'in ~/.bashrc: . <(ditty completion bash)',
      })
    const file = readFileSync(join(assetDirectory, 'rc/completion.bash'), 'utf8')
    process.stdout.write(`${file}complete -F __ditty_complete ${completedWords(registry).join(' ')}\n`)
    return 0
  })

/** What the build makes of the code in the shell's `rcDirectory`: the words it completes, the tables, the code. */
export async function completionFile(rcDirectory: string): Promise<string> {
  const code = readFileSync(join(rcDirectory, 'completion-code.bash'), 'utf8')
  return `# ${completedWords(registry).join(' ')}\n${await completionTables(registry, plainCommands())}${code}`
}

function plainCommands(): PlainCommand[] {
  const tools = registry.flatMap(({ name, applets }) => [name, ...applets])
  return [
    ...commands.map(([name]) => ({ name, ...(parts[name] ?? { flags: [] }) })),
    { name: 'help', flags: [], operands: { words: [...new Set(tools)] } },
  ]
}

const serving = Object.entries(serveFlags).map(([long, flag]) => ({ long, ...flag }))

const parts: Record<string, Omit<PlainCommand, 'name'>> = {
  serve: { flags: serving },
  up: { flags: serving },
  play: { flags: Object.entries(playFlags).map(([long, flag]) => ({ long, ...flag })), operands: { find: ['file'] } },
  enter: { flags: Object.entries(enterFlags).map(([long, flag]) => ({ long, ...flag })) },
  send: { flags: Object.keys(sendFlags).map(long => ({ long })), operands: { find: ['file'] } },
  completion: { flags: [], operands: { words: ['bash'] } },
}
