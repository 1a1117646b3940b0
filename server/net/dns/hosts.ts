import { isIP, isIPv4, isIPv6 } from 'node:net'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import { reverseName } from './reverse-name.ts'

/** One line of hosts(5): an address and the names it goes by, the canonical one first. */
export interface HostsEntry {
  address: string
  names: string[]
}

export const hostsPath = '/etc/hosts'

/** A file that is absent or can't be read has no entries: libc's resolver passes over it too. */
export function readHosts(linux: Linux): HostsEntry[] {
  try {
    return parseHosts(linux.read(hostsPath).toString('utf8'))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return []
  }
}

export function parseHosts(text: string): HostsEntry[] {
  const entries: HostsEntry[] = []
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (isIP(address) && names.length > 0) entries.push({ address, names })
  }
  return entries
}

/** What the file says to a question, as presentation data: addresses for A and AAAA, the canonical name for PTR. */
export function lookUpHosts(entries: readonly HostsEntry[], qname: string, qtype: string): string[] {
  if (qtype === 'PTR') {
    const entry = entries.find(({ address }) => reverseName(address) === qname.toLowerCase())
    return entry ? [`${entry.names[0]}.`] : []
  }
  const isOfType = qtype === 'A' ? isIPv4 : qtype === 'AAAA' ? isIPv6 : () => false
  const wanted = qname.toLowerCase()
  return entries
    .filter(({ address, names }) => isOfType(address) && names.some(name => name.toLowerCase() === wanted))
    .map(({ address }) => address)
}
