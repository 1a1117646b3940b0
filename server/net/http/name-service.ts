import { ToolError } from '../../core/errors.ts'
import type { Linux } from '../../linux/linux.ts'
import { readNetIfInet6 } from '../../linux/procfs/net-if-inet6.ts'
import { lookUpHosts, readHosts } from '../dns/hosts.ts'
import { queryName } from '../dns/query-name.ts'
import { readResolvConf } from '../dns/resolv-conf.ts'
import { isAnswered, type Plan, type Result, resolve, type Waiting } from '../dns/resolve.ts'
import { searchNames } from '../dns/search-names.ts'
import { TransferFailure } from './failure.ts'

export interface Names extends Waiting {
  linux: Linux
}

/**
 * The addresses of a name as getaddrinfo(3) finds them with `hosts: files dns`: /etc/hosts, then the servers of resolv.conf
 * with its search list, A and AAAA side by side. libc itself is not asked: it can't be interrupted, and holds a thread of the
 * pool and the end of the process for as long as a server is silent (10 s and more). Throws TransferFailure.
 */
export async function namedAddresses(
  host: string,
  family: 4 | 6 | undefined,
  names: Names,
): Promise<{ source: 'hosts' | 'dns'; addresses: string[] }> {
  const types = typesFor(family, names.linux)
  const known = readHosts(names.linux)
  const listed = types.flatMap(type => lookUpHosts(known, host.replace(/\.$/, ''), type))
  if (listed.length > 0) return { source: 'hosts', addresses: listed }
  if (/^(.+\.)?localhost\.?$/i.test(host)) return { source: 'hosts', addresses: types.map(type => loopback[type]) }
  return { source: 'dns', addresses: await askServers(host, types, names) }
}

type AddressType = 'A' | 'AAAA'

/** RFC 6761, 6.3: this name needs no lookup. */
const loopback = { A: '127.0.0.1', AAAA: '::1' }

/** IPv6 first where it leads out of this machine (RFC 6724, 2.1 prefers it, and rule 1 avoids what can't be reached). */
function typesFor(family: 4 | 6 | undefined, linux: Linux): AddressType[] {
  if (family !== undefined) return [family === 4 ? 'A' : 'AAAA']
  const isRouted = readNetIfInet6(linux).some(({ scope }) => scope === 0)
  return isRouted ? ['AAAA', 'A'] : ['A', 'AAAA']
}

async function askServers(host: string, types: AddressType[], names: Names): Promise<string[]> {
  const conf = readResolvConf(names.linux)
  const tried: Result[] = []
  for (const qname of searchNames(legalName(host), conf.search, conf.ndots)) {
    const plan: Omit<Plan, 'qtype'> = {
      qnames: [qname],
      qclass: 'IN',
      servers: conf.nameservers.map(address => ({ address, port: 53 })),
      tries: conf.attempts,
      timeoutMs: conf.timeoutSeconds * 1000,
      transport: conf.useTcp ? 'tcp' : 'udp',
      query: { recurse: true, ednsUdpSize: null, dnssec: false },
      firstAnswerCounts: false,
    }
    const results = await Promise.all(types.map(qtype => resultOf(resolve({ ...plan, qtype }, names))))
    const addresses = results.flatMap(addressesIn)
    if (addresses.length > 0) return addresses
    tried.push(...results)
    if (!results.every(isAnswered)) break
  }
  throw nameFailure(host, tried)
}

function legalName(host: string) {
  try {
    return queryName(host)
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    throw new TransferFailure('namelookup', 'not_found', `Could not resolve host: ${host}`, { hint: error.message })
  }
}

async function resultOf(walk: AsyncGenerator<unknown, Result>): Promise<Result> {
  for (;;) {
    const step = await walk.next()
    if (step.done) return step.value
  }
}

const addressesIn = (result: Result): string[] =>
  isAnswered(result)
    ? result.exchange.message.answers.filter(({ rrtype }) => rrtype === result.qtype).map(({ data }) => data)
    : []

/** What the servers said instead, and of which names. */
function nameFailure(host: string, tried: readonly Result[]): TransferFailure {
  const message = `Could not resolve host: ${host}`
  const silent = tried.find(result => !isAnswered(result))
  if (silent && !isAnswered(silent))
    return new TransferFailure('namelookup', 'resolver_failed', message, {
      hint: `the nameserver ${silent.server.address} gave no answer: ${silent.exchange.detail}`,
    })
  const rcodes = new Set(tried.filter(isAnswered).map(({ exchange }) => exchange.message.rcode))
  const asked = [...new Set(tried.map(({ qname }) => qname))].join(', ')
  const unusual = [...rcodes].find(rcode => rcode !== 'NXDOMAIN' && rcode !== 'NOERROR')
  if (unusual !== undefined)
    return new TransferFailure('namelookup', 'resolver_failed', message, {
      code: unusual,
      hint: `${unusual} for ${asked}`,
    })
  if (rcodes.has('NOERROR'))
    return new TransferFailure('namelookup', 'not_found', message, {
      hint: `the name exists, but has no address: ${asked}`,
    })
  return new TransferFailure('namelookup', 'not_found', message, { code: 'NXDOMAIN', hint: `no such name: ${asked}` })
}
