import { parseArgs } from 'node:util'
import { ToolError } from '../core/errors.ts'

/** The flags that `ditty serve` and `ditty up` share; the help is made from them. */
const flags = {
  host: { type: 'string', help: 'ADDRESS  Address to listen on (default 127.0.0.1, which port-forward reaches)' },
  port: { type: 'string', help: 'PORT     First port to try, 0 for any (default 7681)' },
  'allow-host': {
    type: 'string',
    multiple: true,
    help: 'NAME  A name beside localhost that browsers may reach this by',
  },
  'token-file': { type: 'string', help: 'FILE  Read the token from a file (else DITTY_TOKEN, else one is made)' },
  'access-log': { type: 'boolean', help: '    A JSON line for each request on standard error' },
  help: { type: 'boolean', short: 'h', help: '          This text' },
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

export function serveHelp(command: string, summary: string): string {
  const lines = Object.entries(flags).map(([name, { help }]) => `  --${name} ${help}`)
  return `Usage: ditty ${command} [flags]\n\n${summary}\n\nFlags:\n${lines.join('\n')}\n`
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options: flags, strict: true, allowPositionals: false })
  } catch (error) {
    throw new ToolError('invalid_input', (error as Error).message, { cause: error })
  }
}

function portOf(word: string): number {
  const port = Number(word)
  if (word !== '' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new ToolError('invalid_input', `--port takes a number from 0 to 65535, not '${word}'`)
}
