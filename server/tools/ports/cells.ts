import type { SocketEvent } from './schema.ts'

/** Names come from whoever made the process or socket: a control character shall not reach the terminal. */
export const printable = (text: string) =>
  text.replace(/[\x00-\x1f\x7f-\x9f]/g, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** A number the kernel did not tell is no zero. */
export const numberCell = (value: number | null) => (value === null ? '?' : String(value))

export function portCell(port: number | null, service: string | undefined): string {
  if (port === null) return ''
  return port === 0 ? '*' : (service ?? String(port))
}

/** Address and `%interface`, apart. */
export function splitScope(address: string): [address: string, scope: string] {
  const at = address.indexOf('%')
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at)]
}

/** As ss writes an address: IPv6 in brackets, and `*` for `::` that takes IPv4 too. */
export function addressCell(event: SocketEvent, address: string | null): string {
  const [host, scope] = splitScope(address ?? '')
  if (event.family === 'inet') return host + scope
  return (host === '::' && event.v6only === false ? '*' : `[${host}]`) + scope
}
