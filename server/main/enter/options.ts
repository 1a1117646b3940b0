import { parseArgs } from 'node:util'
import { ToolError } from '../../core/errors.ts'

export const enterHelp = `Usage: ditty enter [flags] [COMMAND…]

A shell, or one command, inside another container's root, with all of ditty's words and nothing written there.

Flags:
  -t, --target CONTAINER  Its name, id or a pid in it; default: the one that ditty was put beside
  -u, --user UID[:GID]    Run as this user; 'target' for that of the target's first process, with its groups
  -w, --cwd DIRECTORY     Start there, as seen from inside (default /); 'target' for where its first process stands
  -e, --env               With the environment of the target's first process
  -h, --help              This text

  ditty enter                            a shell in the target
  ditty enter cat /etc/os-release        one command, the target's own or ditty's
  ditty enter -t app -u target -w target -e
                                         as the program itself sees its world

What was started ends when the shell or the command does.
Exit status: that of the command; 2 when the root can't be entered, 126 and 127 as in a shell.
`

export const enterFlags = {
  target: { type: 'string', short: 't' },
  user: { type: 'string', short: 'u' },
  cwd: { type: 'string', short: 'w' },
  env: { type: 'boolean', short: 'e' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface EnterOptions {
  target: string | undefined
  /** Undefined: who we are. */
  user: 'target' | { uid: number; gid: number } | undefined
  /** `target`: where its first process stands. */
  cwd: string
  takesEnvironment: boolean
  /** Empty for a shell. */
  command: string[]
}

/** Reads the words up to the command's own; undefined when the help was asked for. Throws ToolError `invalid_input`. */
export function parseEnterOptions(words: string[]): EnterOptions | undefined {
  const own = ownWords(words)
  const { values } = parse(words.slice(0, own))
  if (values.help) return undefined
  const command = words.slice(words[own] === '--' ? own + 1 : own)
  return {
    target: values.target,
    user: values.user === undefined ? undefined : userOf(values.user),
    cwd: directoryOf(values.cwd ?? '/'),
    takesEnvironment: values.env ?? false,
    command,
  }
}

/** How many words are flags and their values: the first other one begins the command, whose flags are its own. */
function ownWords(words: string[]): number {
  const { tokens } = parseArgs({ args: words, options: enterFlags, strict: false, tokens: true })
  const first = tokens.find(({ kind }) => kind !== 'option')
  return first?.index ?? words.length
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options: enterFlags, strict: true, allowPositionals: false })
  } catch (error) {
    throw new ToolError('invalid_input', (error as Error).message, { cause: error })
  }
}

/** Ids are of 32 bits, and the highest of them is "none": chown(2). */
const maxId = 2 ** 32 - 2

function userOf(word: string): EnterOptions['user'] {
  if (word === 'target') return 'target'
  const [, uid, gid = uid] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(word) ?? []
  if (uid !== undefined && Number(uid) <= maxId && Number(gid) <= maxId) return { uid: Number(uid), gid: Number(gid) }
  throw new ToolError('invalid_input', `--user takes UID, UID:GID or target, not '${word}'`, {
    remedy: 'names of users are in the /etc/passwd of each container: give the number',
  })
}

function directoryOf(word: string): string {
  if (word === 'target' || (word.startsWith('/') && !word.includes('\0'))) return word
  throw new ToolError('invalid_input', `--cwd takes a path from / on or the word target, not '${word}'`)
}
