import { errnoOf, type Linux } from '../linux.ts'

/** An IPv6 address of an interface, as /proc/net/if_inet6 lists it. Source: if6_seq_show(), net/ipv6/addrconf.c. */
export interface Inet6Address {
  /** 32 hexadecimal digits. */
  address: string
  /** IPV6_ADDR_*: 0x00 global, 0x10 loopback, 0x20 link-local, 0x40 site-local. */
  scope: number
  device: string
}

/** Without IPv6 in the kernel there is no such file, and no address. */
export function readNetIfInet6(linux: Linux): Inet6Address[] {
  try {
    return parseNetIfInet6(linux.read('/proc/net/if_inet6').toString('latin1'))
  } catch (error) {
    if (errnoOf(error) === undefined) throw error
    return []
  }
}

export function parseNetIfInet6(text: string): Inet6Address[] {
  return text.split('\n').flatMap(line => {
    const [address = '', , , scope = '', , device] = line.trim().split(/\s+/)
    return device === undefined ? [] : [{ address, scope: Number.parseInt(scope, 16), device }]
  })
}
