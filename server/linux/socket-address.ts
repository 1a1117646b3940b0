import { formatInet, formatInet6 } from './inet-address.ts'
import { type Libc, pinned } from './libc.ts'

/** Address families by the names that ip(8) and ss(8) give them. */
export type AddressFamily = 'inet' | 'inet6'

export const AF_INET = 2
export const AF_INET6 = 10

export interface SocketAddresses {
  /** `struct sockaddr_in` or `sockaddr_in6` without a port. Undefined when the text is no address or its zone no interface. */
  encode(text: string): Buffer | undefined
  /** The address in a sockaddr, link-local ones with their interface (`fe80::1%eth0`); undefined for other families. */
  decode(bytes: Buffer): string | undefined
}

/** IFNAMSIZ: the longest name of an interface and its end. */
const interfaceNameBytes = 16

export function openSocketAddresses(libc: Libc): SocketAddresses {
  const toBytes = libc.func<(family: number, text: string, bytes: Buffer) => number>(
    'int inet_pton(int family, const char *text, void *bytes)',
  )
  const toIndex = libc.func<(name: string) => number>('unsigned int if_nametoindex(const char *name)')
  const toName = libc.func<(index: number, name: Buffer) => string | null>(
    'const char *if_indextoname(unsigned int index, void *name)',
  )
  const zoneName = pinned(interfaceNameBytes)
  const binary = pinned(16)

  const familyOf = (word: string): AddressFamily | undefined => {
    if (toBytes(AF_INET, word, binary) === 1) return 'inet'
    return toBytes(AF_INET6, word.split('%', 1)[0] ?? '', binary) === 1 ? 'inet6' : undefined
  }

  return {
    encode(word) {
      const family = familyOf(word)
      if (family === undefined) return undefined
      if (family === 'inet') return sockaddr(16, AF_INET, binary.subarray(0, 4), 4)
      const bytes = sockaddr(28, AF_INET6, binary, 8)
      const zone = word.split('%')[1]
      if (zone === undefined) return bytes
      bytes.writeUInt32LE(toIndex(zone) || Number(zone) || 0, 24)
      return bytes.readUInt32LE(24) === 0 ? undefined : bytes
    },
    decode(bytes) {
      const family = bytes.readUInt16LE(0)
      if (family === AF_INET) return formatInet(bytes, 4)
      if (family !== AF_INET6) return undefined
      const address = formatInet6(bytes, 8)
      const zone = bytes.readUInt32LE(24)
      return zone === 0 ? address : `${address}%${toName(zone, zoneName) ?? zone}`
    },
  }
}

function sockaddr(length: number, family: number, address: Buffer, offset: number): Buffer {
  const bytes = pinned(length)
  bytes.writeUInt16LE(family, 0)
  address.copy(bytes, offset)
  return bytes
}
