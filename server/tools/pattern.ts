import { ToolError } from '../core/errors.ts'

export interface PatternOptions {
  ignoreCase?: boolean
  /** The whole text has to match. */
  exact?: boolean
}

/** A regular expression as JavaScript has them; POSIX classes (`[[:digit:]]`) are understood too. Throws ToolError `invalid_input`. */
export function compilePattern(field: string, pattern: string, { ignoreCase, exact }: PatternOptions): RegExp {
  const source = withoutPosixClasses(pattern)
  try {
    new RegExp(source)
    return new RegExp(exact ? `^(?:${source})$` : source, ignoreCase ? 'is' : 's')
  } catch (cause) {
    const message = `'${pattern}' is no regular expression: ${(cause as Error).message.replace(/^.*\/[a-z]*: /s, '')}`
    throw new ToolError('invalid_input', `${field}: ${message}`, { fields: [{ path: field, message }], cause })
  }
}

const posixClasses: Record<string, string> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}

const withoutPosixClasses = (pattern: string) =>
  pattern.replace(/\[:([a-z]+):\]/g, (written, name: string) => posixClasses[name] ?? written)

/** A pattern such as (a+)+$ takes longer than the world will last: this is a hundred times what an honest one takes over all processes. */
const matchingMs = 500

/** Which of the texts match. Throws ToolError `invalid_input` for a pattern that doesn't come to an end in time. */
export async function matchTexts(field: string, pattern: RegExp, texts: readonly string[]): Promise<boolean[]> {
  const { runInNewContext } = await import('node:vm')
  try {
    return runInNewContext('texts.map(text => pattern.test(text))', { texts, pattern }, { timeout: matchingMs })
  } catch (cause) {
    const message = `'${pattern.source}' takes too long to match: it repeats what is repeated`
    throw new ToolError('invalid_input', `${field}: ${message}`, { fields: [{ path: field, message }], cause })
  }
}
