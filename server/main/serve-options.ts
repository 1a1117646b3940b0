import { parseArgs } from 'node:util'
import { ToolError } from '../core/errors.ts'

/** The flags that `ditty serve` and `ditty up` share; the help is made from them. */
export const serveFlags = {
  host: {
    type: 'string',
    metavar: 'ADDRESS',
    help: 'Address to listen on (default 127.0.0.1, which port-forward reaches)',
  },
  port: { type: 'string', metavar: 'PORT', help: 'First port to try, 0 for any (default 7681)' },
  'allow-host': { type: 'string', multiple: true, metavar: 'NAME', help: 'A name that browsers may reach this by' },
  'token-file': {
    type: 'string',
    metavar: 'FILE',
    help: 'Read the token from a file (else DITTY_TOKEN, else one is made)',
  },
  'access-log': { type: 'boolean', metavar: '', help: 'A JSON line for each request on standard error' },
  help: { type: 'boolean', short: 'h', metavar: '', help: 'This text' },
} as const

export interface ServeOptions {
  host: string
  port: number
  allowedHosts: string[]
  tokenFile: string | undefined
  accessLog: boolean
}

/** Reads the flags; undefined when the help was asked for. Throws ToolError `invalid_input`. */
export function parseServeOptions(words: string[]): ServeOptions | undefined {
  const { values } = parse(words)
  if (values.help) return undefined
  return {
    host: values.host ?? '127.0.0.1',
    port: portOf(values.port ?? '7681'),
    allowedHosts: values['allow-host'] ?? [],
    tokenFile: values['token-file'],
    accessLog: values['access-log'] ?? false,
  }
}

/** Prints the help of `ditty COMMAND`, and gives its exit status. */
export function serveHelp(command: string, summary: string): number {
  const rows = Object.entries(serveFlags).map(([name, { metavar, help }]) => [`--${name} ${metavar}`, help] as const)
  const width = Math.max(...rows.map(([words]) => words.length))
  const lines = rows.map(([words, help]) => `  ${words.padEnd(width)}  ${help}`)
  process.stdout.write(`Usage: ditty ${command} [flags]\n\n${summary}\n\nFlags:\n${lines.join('\n')}\n`)
  return 0
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options: serveFlags, strict: true, allowPositionals: false })
  } catch (error) {
    throw new ToolError('invalid_input', (error as Error).message, { cause: error })
  }
}

function portOf(word: string): number {
  const port = Number(word)
  if (word !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new ToolError('invalid_input', `--port takes a number from 0 to 65535, not '${word}'`)
}
