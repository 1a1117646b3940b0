import { ToolError } from '../../core/errors.ts'
import type { Flag } from '../../core/tool.ts'
import { isToken } from '../../net/http/headers.ts'

type HeaderDraft = Record<string, string | string[]>

/** `-H 'Name: value'`; `Name:` leaves a header out that is sent otherwise, `Name;` sends an empty one. */
export const headerFlag: Flag = {
  field: 'headers',
  short: 'H',
  long: 'header',
  metavar: "'NAME: VALUE'",
  help: "Header to send; 'NAME:' leaves one out, 'NAME;' sends it empty",
  parse: (word, previous) => withHeader((previous ?? {}) as HeaderDraft, word),
}

export function withHeader(headers: HeaderDraft, word: string): HeaderDraft {
  const [, name, mark, text] = /^([^:;]*)([:;])([\s\S]*)$/.exec(word) ?? []
  if (name === undefined || !isToken(name.trim()))
    throw new ToolError('invalid_input', `-H takes 'Name: value', not '${word}'`)
  const key = Object.keys(headers).find(key => key.toLowerCase() === name.trim().toLowerCase()) ?? name.trim()
  const value = text!.trim()
  if (mark === ':' && value === '') return { ...headers, [key]: [] }
  const before = headers[key]
  return { ...headers, [key]: before === undefined ? value : [before, value].flat() }
}
