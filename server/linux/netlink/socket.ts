import { closeSync } from 'node:fs'
import { checked, type Libc, openLibc, pinned } from '../libc.ts'

/** A conversation with the kernel. A test's stands on a function from request to datagrams. */
export interface NetlinkSocket {
  send(message: Uint8Array): void
  /** The next datagram, valid until the next call. Throws EAGAIN when the kernel has nothing more to say. */
  receive(): Buffer
  /** The name of an interface in this network namespace; undefined when it has gone. */
  interfaceName(index: number): string | undefined
  close(): void
}

/** The kernel cuts dumps into datagrams of at most 32 KiB (netlink_recvmsg(), net/netlink/af_netlink.c). */
const datagramBytes = 32 * 1024
const interfaceNameBytes = 16

const afNetlink = 16
/** SOCK_RAW with SOCK_CLOEXEC: a shell started meanwhile must not inherit it. */
const rawCloseOnExec = 3 | 0o2000000
/** The kernel answers a dump while it is sent and read, so there is never anything to wait for. */
const dontWait = 0x40

/** Opens a netlink socket in the network namespace of this process. Rejects with EPERM, EPROTONOSUPPORT, … */
export async function openNetlink(protocol: number): Promise<NetlinkSocket> {
  const libc = await openLibc()
  const calls = callsOf(libc)
  const descriptor = checked(libc, 'socket', calls.socket(afNetlink, rawCloseOnExec, protocol))
  const buffer = pinned(datagramBytes)
  const address = Number(libc.address(buffer))
  return {
    send(message) {
      checked(libc, 'send', calls.send(descriptor, message, message.length, 0))
    },
    receive() {
      const length = calls.recv(descriptor, address, datagramBytes, dontWait)
      return buffer.subarray(0, checked(libc, 'recv', length))
    },
    interfaceName(index) {
      const name = pinned(interfaceNameBytes)
      if (calls.if_indextoname(index, name) === 0) return undefined
      return name.toString('utf8', 0, name.indexOf(0))
    },
    close: () => closeSync(descriptor),
  }
}

let declared: ReturnType<typeof declare> | undefined
const callsOf = (libc: Libc) => {
  declared ??= declare(libc)
  return declared
}

const declare = ({ func }: Libc) => ({
  socket: func<(domain: number, type: number, protocol: number) => number>('int socket(int, int, int)'),
  send: func<(descriptor: number, bytes: Uint8Array, length: number, flags: number) => number>(
    'int64_t send(int, const void *, size_t, int)',
  ),
  recv: func<(descriptor: number, address: number, length: number, flags: number) => number>(
    'int64_t recv(int, uintptr_t, size_t, int)',
  ),
  if_indextoname: func<(index: number, name: Buffer) => number>('uintptr_t if_indextoname(unsigned int, void *)'),
})
