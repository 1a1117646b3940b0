import { ToolError } from '../../core/errors.ts'
import type { ServiceName } from '../../linux/services.ts'
import { bareAddress } from './port-words.ts'
import type { FileEvent } from './schema.ts'

/** TCP and UDP sockets as one word of `lsof -i` means them; what is undefined doesn't matter. */
export interface InternetWord {
  family?: 4 | 6
  protocol?: 'tcp' | 'udp'
  address?: string
  /** Numbers, or names of services. */
  ports?: (PortRange | string)[]
}

interface PortRange {
  first: number
  last: number
}

/** `[46][tcp|udp][@address][:ports]`, and `any`. lsof(8), option i. Throws ToolError `invalid_input`. */
export function parseInternetWord(word: string): InternetWord {
  const [, family, protocol, address, ports] =
    /^([46])?(tcp|udp)?(?:@(\[[^\]]+\]|[^:]+))?(?::(.+))?$/i.exec(word === 'any' ? '' : word) ?? broken(word)
  const parsed: InternetWord = {}
  if (family) parsed.family = Number(family) as 4 | 6
  if (protocol) parsed.protocol = protocol.toLowerCase() as 'tcp' | 'udp'
  if (address) parsed.address = addressOf(address, word)
  if (ports) parsed.ports = ports.split(',').map(port => portOf(port, word))
  return parsed
}

function addressOf(address: string, word: string): string {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase()
  if (/^[\d.]+$/.test(bare) || bare.includes(':')) return bare
  throw wrong(word, `'${address}' is no address; names of hosts are not resolved here (ditty dns does)`)
}

function portOf(port: string, word: string): PortRange | string {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(port) ?? []
  if (first !== undefined && (Number(last) > 65535 || Number(first) > Number(last)))
    throw wrong(word, 'ports go from 0 to 65535')
  if (first !== undefined) return { first: Number(first), last: Number(last) }
  if (/^[\w.+-]+$/.test(port)) return port
  throw wrong(word, `'${port}' is no port`)
}

const broken = (word: string): never => {
  throw wrong(word, 'it is written [46][tcp|udp][@address][:ports], or any')
}

const wrong = (word: string, why: string) => {
  const message = `'${word}': ${why}`
  return new ToolError('invalid_input', `internet: ${message}`, { fields: [{ path: 'internet', message }] })
}

export function matchesInternet(file: FileEvent, word: InternetWord, services: ServiceName): boolean {
  if (file.kind !== 'IPv4' && file.kind !== 'IPv6') return false
  if (word.family !== undefined && file.kind !== `IPv${word.family}`) return false
  if (word.protocol !== undefined && file.protocol !== word.protocol) return false
  const ends = [
    { address: file.localAddress ?? '', port: file.localPort ?? 0 },
    { address: file.peerAddress ?? '', port: file.peerPort ?? 0 },
  ]
  return ends.some(
    ({ address, port }) =>
      (word.address === undefined || bareAddress(address) === word.address) &&
      (word.ports === undefined || word.ports.some(wanted => hasPort(wanted, port, file.protocol ?? '', services))),
  )
}

const hasPort = (wanted: PortRange | string, port: number, protocol: string, services: ServiceName) =>
  typeof wanted === 'string'
    ? services(protocol, port) === wanted
    : port !== 0 && port >= wanted.first && port <= wanted.last
