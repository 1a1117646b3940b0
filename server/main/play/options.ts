import { parseArgs } from 'node:util'
import { ToolError } from '../../core/errors.ts'

export const playFlags = {
  speed: { type: 'string', short: 's', metavar: 'FACTOR', help: 'Play so many times as fast (default 1)' },
  idle: { type: 'string', short: 'i', metavar: 'SECONDS', help: 'Cut longer silences to this (default: as it was)' },
  help: { type: 'boolean', short: 'h', metavar: '', help: 'This text' },
} as const

export interface PlayOptions {
  file: string
  speed: number
  idleMs: number
}

/** Undefined when the help was asked for. Throws ToolError `invalid_input`. */
export function parsePlayOptions(words: string[]): PlayOptions | undefined {
  const { values, positionals } = parse(words)
  if (values.help) return undefined
  const [file, second] = positionals
  if (file === undefined || second !== undefined)
    throw new ToolError('invalid_input', 'one recording is played at a time; usage: ditty play FILE.cast')
  return {
    file,
    speed: values.speed === undefined ? 1 : positive('--speed', values.speed),
    idleMs: values.idle === undefined ? Number.POSITIVE_INFINITY : positive('--idle', values.idle) * 1000,
  }
}

export function playHelp(): string {
  const rows = Object.entries(playFlags).map(([name, { short, metavar, help }]) => {
    const words = `-${short}, --${name} ${metavar}`
    return `  ${words.padEnd(24)}${help}`
  })
  return `Usage: ditty play [flags] FILE.cast\n\nPlay a recorded session, asciicast version 2 or 3. Space pauses and q ends it.\n\nFlags:\n${rows.join('\n')}\n`
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options: playFlags, strict: true, allowPositionals: true })
  } catch (error) {
    throw new ToolError('invalid_input', (error as Error).message, { cause: error })
  }
}

function positive(flag: string, word: string): number {
  const value = Number(word)
  if (word !== '' && Number.isFinite(value) && value > 0) return value
  throw new ToolError('invalid_input', `${flag} takes a number above 0, not '${word}'`)
}
