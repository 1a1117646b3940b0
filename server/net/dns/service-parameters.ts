import { formatInet6 } from '../../linux/inet-address.ts'
import { quoted } from './presentation.ts'
import { Malformed, WireReader } from './wire-reader.ts'

/** RFC 9460, section 14.3.2. */
const keyNames = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath']

const keyName = (key: number) => keyNames[key] ?? `key${key}`

const presenters: Record<string, (value: WireReader) => string> = {
  mandatory: value => list(value, () => keyName(value.u16())),
  alpn: value => `"${list(value, () => quoted(value.characterString()).slice(1, -1))}"`,
  port: value => String(value.u16()),
  ipv4hint: value => list(value, () => value.take(4).join('.')),
  ipv6hint: value => list(value, () => formatInet6(value.take(16), 0)),
  ech: value => value.rest().toString('base64'),
}

/** The next SvcParam of an SVCB or HTTPS record in presentation form: `alpn="h2,h3"` (RFC 9460, section 2.1). */
export function presentServiceParameters(rdata: WireReader): string {
  const key = keyName(rdata.u16())
  const bytes = rdata.take(rdata.u16())
  if (bytes.length === 0) return key
  const value = new WireReader(bytes)
  const text = presenters[key]?.(value) ?? quoted(value.rest())
  if (!value.atEnd) throw new Malformed(`the service parameter ${key} has a wrong length`)
  return `${key}=${text}`
}

function list(value: WireReader, read: () => string): string {
  const parts: string[] = []
  while (!value.atEnd) parts.push(read())
  return parts.join(',')
}
