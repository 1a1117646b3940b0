import { domainToASCII } from 'node:url'
import { ToolError } from '../../core/errors.ts'

/** RFC 1035, section 2.3.4, without length octets and the root: 255 - 2. */
export const maxNameLength = 253
const maxLabelLength = 63

/** A name as it is asked for. */
export interface QueryName {
  /** ASCII, without a final dot; `.` for the root. */
  name: string
  /** It was written with a final dot: no search list applies. */
  absolute: boolean
}

/** Checks a name and turns its non-ASCII labels to punycode (IDNA, UTS 46). Throws ToolError `invalid_input`. */
export function queryName(text: string): QueryName {
  if (text === '.') return { name: '.', absolute: true }
  const absolute = text.endsWith('.')
  const labels = (absolute ? text.slice(0, -1) : text).split('.').map(label => asciiLabel(label, text))
  const name = labels.join('.')
  if (name.length > maxNameLength) throw illegal(text, `${name.length} octets, at most ${maxNameLength} fit a query`)
  return { name, absolute }
}

function asciiLabel(label: string, name: string): string {
  if (label === '') throw illegal(name, 'empty label')
  const ascii = /^[\x21-\x7e]*$/.test(label) ? label : domainToASCII(label)
  if (ascii === '') throw illegal(name, `the label '${label}' can't be a host name, nor be turned into one (IDNA)`)
  if (ascii.includes('\\')) throw illegal(name, 'backslash escapes are not supported in a queried name')
  if (ascii.length > maxLabelLength)
    throw illegal(name, `the label '${label}' has ${ascii.length} octets, at most ${maxLabelLength} fit`)
  return ascii
}

function illegal(name: string, why: string): ToolError {
  const message = `'${name}' is not a legal name (${why})`
  return new ToolError('invalid_input', message, { fields: [{ path: 'name', message: why }] })
}
