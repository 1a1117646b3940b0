import { checked, type Libc, pinned } from '../libc.ts'
import { errnoOf } from '../linux.ts'
import { type AddressFamily, AF_INET, AF_INET6 } from '../socket-address.ts'

export type EchoKind = 'datagram' | 'raw'

/** Neither kind of socket may be opened here. */
export class EchoDenied extends Error {
  override readonly name = 'EchoDenied'
}

export type DescriptorCalls = ReturnType<typeof bindDescriptorCalls>

export const bindDescriptorCalls = (libc: Libc) => ({
  libc,
  socket: libc.func<(domain: number, type: number, protocol: number) => number>(
    'int socket(int domain, int type, int protocol)',
  ),
  setsockopt: libc.func<(descriptor: number, level: number, name: number, value: Buffer, length: number) => number>(
    'int setsockopt(int descriptor, int level, int name, const void *value, uint32_t length)',
  ),
  close: libc.func<(descriptor: number) => number>('int close(int descriptor)'),
})

const SOCK_DGRAM = 2
const SOCK_RAW = 3
const SOCK_NONBLOCK = 0x800
const SOCK_CLOEXEC = 0x80000
const IPPROTO_ICMP = 1
const IPPROTO_ICMPV6 = 58

/** What a kernel or a seccomp filter says to a socket it doesn't grant; gVisor and old kernels lack the datagram kind. */
const deniedCodes = new Set(['EACCES', 'EPERM', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT'])

/** A datagram socket, else a raw one, ready for `MessageReader`. Throws EchoDenied, or SystemError. */
export function openEchoDescriptor(
  calls: DescriptorCalls,
  family: AddressFamily,
  ttl: number | undefined,
): { descriptor: number; kind: EchoKind } {
  const opened = openDescriptor(calls, family)
  try {
    setOptions(calls, opened.descriptor, { family, kind: opened.kind, ttl })
    return opened
  } catch (error) {
    calls.close(opened.descriptor)
    throw error
  }
}

function openDescriptor(calls: DescriptorCalls, family: AddressFamily): { descriptor: number; kind: EchoKind } {
  const [domain, protocol] = family === 'inet' ? [AF_INET, IPPROTO_ICMP] : [AF_INET6, IPPROTO_ICMPV6]
  for (const kind of ['datagram', 'raw'] as const) {
    const type = (kind === 'raw' ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC
    try {
      return { descriptor: checked(calls.libc, 'socket', calls.socket(domain, type, protocol)), kind }
    } catch (error) {
      if (!deniedCodes.has(errnoOf(error) ?? '')) throw error
    }
  }
  throw new EchoDenied(`neither a datagram nor a raw ICMP socket is granted`)
}

const SOL_SOCKET = 1
const SO_TIMESTAMPNS = 35
const SOL_IP = 0
const SOL_IPV6 = 41
const SOL_RAW = 255
const SOL_ICMPV6 = 58
const FILTER = 1

/** setsockopt's level and number by family: include/uapi/linux/in.h, in6.h. */
const options = {
  inet: { level: SOL_IP, ttl: [2, 33], receiveTtl: 12, receiveErrors: 11 },
  inet6: { level: SOL_IPV6, ttl: [16, 18], receiveTtl: 51, receiveErrors: 25 },
}

interface SocketOptions {
  family: AddressFamily
  kind: EchoKind
  ttl: number | undefined
}

function setOptions(calls: DescriptorCalls, descriptor: number, { family, kind, ttl }: SocketOptions): void {
  const set = (level: number, name: number, value: Buffer) =>
    checked(calls.libc, 'setsockopt', calls.setsockopt(descriptor, level, name, value, value.length))
  const { level, ttl: ttlNames, receiveTtl, receiveErrors } = options[family]
  set(SOL_SOCKET, SO_TIMESTAMPNS, integer(1))
  set(level, receiveTtl, integer(1))
  set(level, receiveErrors, integer(1))
  if (ttl !== undefined) for (const name of ttlNames) set(level, name, integer(ttl))
  if (kind === 'raw') set(family === 'inet' ? SOL_RAW : SOL_ICMPV6, FILTER, repliesOnly(family))
}

function integer(value: number): Buffer {
  const bytes = pinned(4)
  bytes.writeInt32LE(value)
  return bytes
}

/** ICMP_FILTER and ICMP6_FILTER: a bit set is a type not wanted. Without it every ICMP message of the node would wake us. */
function repliesOnly(family: AddressFamily): Buffer {
  const bytes = pinned(family === 'inet' ? 4 : 32).fill(0xff)
  const reply = family === 'inet' ? 0 : 129
  bytes[reply >> 3] = 0xff & ~(1 << (reply & 7))
  return bytes
}
