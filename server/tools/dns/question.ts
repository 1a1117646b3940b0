import { isIP } from 'node:net'
import { ToolError } from '../../core/errors.ts'
import { type QueryName, queryName } from '../../net/dns/query-name.ts'
import { typeName, typeNumber } from '../../net/dns/registries.ts'
import { reverseName } from '../../net/dns/reverse-name.ts'
import type { Input } from './schema.ts'

/** What an input asks for: one name, and one type after the other. */
export interface Question {
  name: QueryName
  types: string[]
}

/** Types that are no question: OPT is a pseudo-record, TSIG and TKEY authenticate, AXFR and IXFR carry whole zones. */
const unaskable = new Set(['OPT', 'TSIG', 'TKEY', 'AXFR', 'IXFR'])

/** An address without a type asks for its PTR, as host(1) does. Throws ToolError `invalid_input`. */
export function questionOf({ name, type, reverse }: Input): Question {
  if (reverse || (type === undefined && isIP(name)))
    return { name: { name: reverseName(name), absolute: true }, types: typesOf(type ?? 'PTR') }
  return { name: queryName(name), types: typesOf(type ?? 'A') }
}

const typesOf = (list: string) => [...new Set(list.split(',').map(typeOf))]

function typeOf(word: string): string {
  const type = word.trim().toUpperCase()
  const fields = [{ path: 'type', message: 'a record type such as A, MX or TYPE123' }]
  if (unaskable.has(type)) throw new ToolError('unsupported', `queries for ${type} are not supported`, { fields })
  const number = typeNumber(type)
  if (number === undefined) throw new ToolError('invalid_input', `no record type '${word}'`, { fields })
  return typeName(number)
}
