/** Header fields in the order they stand on the wire, names as written. */
export type HeaderList = [name: string, value: string][]

/** Fields by lower-case name; one that came several times is an array. */
export type HeaderFields = Record<string, string | string[]>

/** RFC 9110, 5.6.2: token. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export const isToken = (text: string): boolean => token.test(text)

/** No control character but the tab (RFC 9110, 5.5): a line break would start another header. */
export const isHeaderValue = (text: string): boolean => !/[\0-\x08\x0a-\x1f\x7f]/.test(text)

/** Node's flat `rawHeaders` in pairs. */
export function pairs(raw: readonly string[]): HeaderList {
  const list: HeaderList = []
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at]!, raw[at + 1]!])
  return list
}

export function fieldsOf(list: HeaderList): HeaderFields {
  const fields = new Map<string, string | string[]>()
  for (const [name, value] of list) {
    const key = name.toLowerCase()
    const before = fields.get(key)
    fields.set(key, before === undefined ? value : [before, value].flat())
  }
  return Object.fromEntries(fields)
}

/** The first value of a field. */
export const first = (list: HeaderList, name: string): string | undefined =>
  list.find(([key]) => key.toLowerCase() === name)?.[1]

/** Fields that carry secrets: shown without their value, and never sent on to another origin. */
const secret = new Set(['authorization', 'proxy-authorization', 'cookie'])

export const isSecret = (name: string): boolean => secret.has(name.toLowerCase())

/** The list as it may be shown: `Authorization: Basic [redacted]`. */
export const shownHeaders = (list: HeaderList): HeaderList =>
  list.map(([name, value]) => [name, isSecret(name) ? redacted(value) : value])

const redacted = (value: string) => (/^\w+ \S/.test(value) ? `${value.split(' ', 1)[0]} [redacted]` : '[redacted]')
