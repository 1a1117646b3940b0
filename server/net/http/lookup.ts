import { isIP } from 'node:net'
import { TransferFailure } from './failure.ts'
import type { Names } from './name-service.ts'

export interface Address {
  address: string
  family: 4 | 6
}

export interface Found {
  addresses: Address[]
  /** `literal`: the host was an address; `given`: by --resolve; `hosts`: /etc/hosts; `dns`: the servers of resolv.conf. */
  source: 'literal' | 'given' | 'hosts' | 'dns'
}

/** One `HOST:PORT:ADDRESS[,ADDRESS]`, as curl's --resolve takes it. A `*` stands for any host. */
export interface GivenAddresses {
  host: string
  port: number
  addresses: Address[]
}

const givenForm = /^(\*|[^:]+|\[[^\]]+\]):(\d+):(.+)$/

/** Undefined when the text isn't of that form. */
export function parseGiven(text: string): GivenAddresses | undefined {
  const [, host, port, list] = givenForm.exec(text) ?? []
  if (host === undefined || Number(port) > 65535) return undefined
  const addresses = list!.split(',').map(word => addressOf(word.replace(/^\[(.*)\]$/, '$1')))
  if (!addresses.every(address => address !== undefined)) return undefined
  return { host: host.replace(/^\[(.*)\]$/, '$1').toLowerCase(), port: Number(port), addresses }
}

function addressOf(text: string): Address | undefined {
  const family = isIP(text)
  return family === 0 ? undefined : { address: text, family: family === 4 ? 4 : 6 }
}

/** The addresses of a host, in the order to try them. Throws TransferFailure when there is none. */
export async function findAddresses(
  host: string,
  port: number,
  given: readonly GivenAddresses[],
  family: 4 | 6 | undefined,
  names: Names,
): Promise<Found> {
  const found = await findAll(host, port, given, family, names)
  const addresses = found.addresses.filter(address => family === undefined || address.family === family)
  if (addresses.length > 0) return { ...found, addresses }
  throw new TransferFailure('namelookup', 'not_found', `${host} has no IPv${family} address`)
}

async function findAll(
  host: string,
  port: number,
  given: readonly GivenAddresses[],
  family: 4 | 6 | undefined,
  names: Names,
): Promise<Found> {
  const literal = addressOf(host)
  if (literal) return { source: 'literal', addresses: [literal] }
  const match = given.find(entry => entry.port === port && (entry.host === host.toLowerCase() || entry.host === '*'))
  if (match) return { source: 'given', addresses: match.addresses }
  const { namedAddresses } = await import('./name-service.ts')
  const { source, addresses } = await namedAddresses(host, family, names)
  return { source, addresses: addresses.map(addressOf).filter(address => address !== undefined) }
}
