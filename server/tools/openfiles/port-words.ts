import { ToolError } from '../../core/errors.ts'
import type { ServiceName } from '../../linux/services.ts'
import type { FileEvent } from './schema.ts'

/** A socket as fuser(1) names it: by its own port, and its peer where that matters. Ports are numbers or names of services. */
interface PortWord {
  protocol: 'tcp' | 'udp' | undefined
  port: string
  peerAddress: string
  peerPort: string
}

const form = /^([\w+.-]*)(?:,(\[[^\]]*\]|[^,/]*))?(?:,([\w+.-]*))?(?:\/(tcp|udp))?$/i

/** `80`, `80/tcp`, `http/tcp`, `80,10.1.2.3,4711/tcp`. Throws ToolError `invalid_input`. */
export function parsePortWord(word: string): PortWord {
  const [, port = '', peerAddress = '', peerPort = '', protocol] = form.exec(word) ?? []
  if ([port, peerAddress, peerPort].every(part => part === ''))
    throw wrong(word, 'it is written PORT, PORT/tcp or PORT,PEER,PORT/tcp')
  for (const number of [port, peerPort])
    if (/^\d+$/.test(number) && (Number(number) < 1 || Number(number) > 65535))
      throw wrong(word, 'ports go from 1 to 65535')
  return {
    protocol: protocol?.toLowerCase() as PortWord['protocol'],
    port,
    peerAddress: peerAddress.replace(/^\[|\]$/g, '').toLowerCase(),
    peerPort,
  }
}

function wrong(word: string, why: string): ToolError {
  const message = `'${word}': ${why}`
  return new ToolError('invalid_input', `ports: ${message}`, { fields: [{ path: 'ports', message }] })
}

export function matchesPort(file: FileEvent, word: PortWord, services: ServiceName): boolean {
  const { protocol = '', localPort, peerPort, peerAddress = '' } = file
  if (localPort === undefined || peerPort === undefined) return false
  if (word.protocol !== undefined && protocol !== word.protocol) return false
  const isPort = (wanted: string, port: number) =>
    wanted === '' || String(port) === wanted || services(protocol, port) === wanted
  const isPeer = word.peerAddress === '' || bareAddress(peerAddress) === word.peerAddress
  return isPort(word.port, localPort) && isPort(word.peerPort, peerPort) && isPeer
}

/** Without its interface, and an IPv4 one on an IPv6 socket as such. */
export const bareAddress = (address: string) => address.replace(/%.*/, '').replace(/^::ffff:(?=\d+\.)/, '')
