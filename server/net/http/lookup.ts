import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { abortable } from './abortable.ts'
import { errorCode, TransferFailure } from './failure.ts'

export interface Address {
  address: string
  family: 4 | 6
}

export interface Found {
  addresses: Address[]
  /** `literal`: the host was an address; `given`: by --resolve; `resolver`: getaddrinfo(3), as the programs around us ask. */
  source: 'literal' | 'given' | 'resolver'
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

/** The addresses of a host, in the resolver's order. Throws TransferFailure when there is none. */
export async function findAddresses(
  host: string,
  port: number,
  given: readonly GivenAddresses[],
  family: 4 | 6 | undefined,
  signal: AbortSignal,
): Promise<Found> {
  const found = await findAll(host, port, given, family, signal)
  const addresses = found.addresses.filter(address => family === undefined || address.family === family)
  if (addresses.length > 0) return { ...found, addresses }
  throw new TransferFailure('namelookup', 'not_found', `${host} has no IPv${family} address`)
}

async function findAll(
  host: string,
  port: number,
  given: readonly GivenAddresses[],
  family: 4 | 6 | undefined,
  signal: AbortSignal,
): Promise<Found> {
  const literal = addressOf(host)
  if (literal) return { source: 'literal', addresses: [literal] }
  const match = given.find(entry => entry.port === port && (entry.host === host.toLowerCase() || entry.host === '*'))
  if (match) return { source: 'given', addresses: match.addresses }
  try {
    const asked = lookup(host, { all: true, order: 'verbatim', family: family ?? 0 })
    return { source: 'resolver', addresses: (await abortable(asked, signal)) as Address[] }
  } catch (error) {
    if (signal.aborted) throw error
    throw lookupFailure(host, errorCode(error))
  }
}

/** getaddrinfo(3)'s answers in words. Node folds EAI_NONAME and EAI_NODATA into ENOTFOUND. */
function lookupFailure(host: string, code: string | undefined): TransferFailure {
  if (code === 'ENOTFOUND')
    return new TransferFailure('namelookup', 'not_found', `Could not resolve host: ${host}`, {
      code,
      hint: 'no such name, or no nameserver answered; ditty dns shows each attempt',
    })
  const words = code === 'EAI_AGAIN' ? 'no nameserver answered' : `the resolver failed with ${code}`
  return new TransferFailure('namelookup', 'resolver_failed', `Could not resolve host: ${host} (${words})`, {
    code,
    hint: 'ditty dns shows each attempt',
  })
}
