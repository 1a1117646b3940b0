import { parseArgs } from 'node:util'
import { ToolError } from '../core/errors.ts'
import { guarded } from './guarded.ts'
import { offerFiles } from './send/offer-files.ts'
import { Progress } from './send/progress.ts'
import { rawWords } from './send/raw-words.ts'
import { findTerminal } from './send/terminal.ts'

const help = `Usage: ditty send [--json] FILE…

Hold out files and folders to whoever looks at this terminal in a browser; the page asks before it downloads.
A folder comes as a zip. Ctrl-C withdraws what wasn't taken yet.

Flags:
  --json      Print what happens as a line of JSON each
  -h, --help  This text

Exit status: 0 all were downloaded, 1 some were declined, 2 they could not be sent.
DITTY_URL (the address that \`ditty url\` prints) names another server than the one of this user, DITTY_TERMINAL another terminal.
`

export const sendFlags = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const

/** `ditty send FILE…`: downloads from a terminal, started by a command in it. */
export const send = (words: string[]): Promise<number> =>
  guarded('ditty send', async () => {
    const { files, json, wantsHelp } = parse(words)
    if (wantsHelp) {
      process.stdout.write(help)
      return 0
    }
    const terminal = await findTerminal(process.env)
    const progress = json ? undefined : new Progress()
    const summary = await offerFiles(terminal, files, event => {
      if (progress) progress.show(event)
      else process.stdout.write(`${JSON.stringify(event)}\n`)
    }).finally(() => progress?.clear())
    if (!summary) return 130
    return summary.declined > 0 ? 1 : 0
  })

function parse(words: string[]): { files: Buffer[]; json: boolean; wantsHelp: boolean } {
  const { values, tokens } = tokensOf(words)
  const raw = rawWords(words)
  const files = tokens.flatMap(({ kind, index }) => (kind === 'positional' ? [raw[index]!] : []))
  const { json = false, help: wantsHelp = false } = values
  if (files.length > 0 || wantsHelp) return { files, json, wantsHelp }
  throw new ToolError('invalid_input', 'which files?', { remedy: 'ditty send FILE…, or ditty send . for this folder' })
}

function tokensOf(words: string[]) {
  try {
    return parseArgs({ args: words, options: sendFlags, strict: true, allowPositionals: true, tokens: true })
  } catch (error) {
    throw new ToolError('invalid_input', (error as Error).message, { cause: error })
  }
}
