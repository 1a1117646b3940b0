import { expect, test } from 'vitest'
import { dumpInetSockets } from '../../../server/linux/netlink/inet-diag.ts'
import { fakeKernel } from './fake-kernel.ts'

interface Fields {
  family: 2 | 10
  state: number
  ports: [number, number]
  local: number[]
  peer?: number[]
  interfaceIndex?: number
  queues?: [number, number]
  uid?: number
  inode?: number
  attributes?: number[]
}

/** struct inet_diag_msg as the kernel fills it. */
function inetDiagMessage(fields: Fields): Buffer {
  const message = Buffer.alloc(72)
  message.set([fields.family, fields.state])
  message.writeUInt16BE(fields.ports[0], 4)
  message.writeUInt16BE(fields.ports[1], 6)
  message.set(fields.local, 8)
  message.set(fields.peer ?? [], 24)
  message.writeUInt32LE(fields.interfaceIndex ?? 0, 40)
  const { queues = [0, 0], uid = 0, inode = 0 } = fields
  for (const [index, value] of [...queues, uid, inode].entries()) message.writeUInt32LE(value, 56 + 4 * index)
  return Buffer.concat([message, Buffer.from(fields.attributes ?? [])])
}

const dump = (message: Buffer, family: 'inet' | 'inet6' = 'inet') =>
  [
    ...dumpInetSockets(
      fakeKernel(() => [message]),
      'tcp',
      family,
      0xfff,
    ),
  ].flat()

test('a request names family, protocol and states', () => {
  const requests: Buffer[] = []
  const kernel = fakeKernel(request => {
    requests.push(request)
    return []
  })
  expect([...dumpInetSockets(kernel, 'udp', 'inet6', 1 << 7)].flat()).toEqual([])
  expect(requests.map(request => [request.length, request[0], request[1], request.readUInt32LE(4)])).toEqual([
    [56, 10, 17, 128],
  ])
})

test('a listener is read with its queue and its backlog', () => {
  const message = inetDiagMessage({
    family: 2,
    state: 10,
    ports: [8080, 0],
    local: [127, 0, 0, 1],
    queues: [2, 128],
    uid: 1000,
    inode: 4_000_000_000,
  })
  expect(dump(message)).toEqual([
    {
      protocol: 'tcp',
      family: 'inet',
      state: 'LISTEN',
      localAddress: '127.0.0.1',
      localPort: 8080,
      peerAddress: '0.0.0.0',
      peerPort: 0,
      recvQ: 2,
      sendQ: 128,
      uid: 1000,
      inode: 4_000_000_000,
    },
  ])
})

test('an IPv4-mapped peer keeps its prefix', () => {
  const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 1, 2, 3]
  const [socket] = dump(
    inetDiagMessage({ family: 10, state: 1, ports: [80, 40000], local: mapped, peer: mapped, inode: 5 }),
    'inet6',
  )
  expect(socket).toMatchObject({ family: 'inet6', localAddress: '::ffff:10.1.2.3', peerAddress: '::ffff:10.1.2.3' })
})

test('a bound interface is named after the address, and after a link-local peer', () => {
  const linkLocal = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
  const [socket] = dump(
    inetDiagMessage({ family: 10, state: 1, ports: [1, 2], local: linkLocal, peer: linkLocal, interfaceIndex: 7 }),
    'inet6',
  )
  expect(socket).toMatchObject({ localAddress: 'fe80::1%eth0', peerAddress: 'fe80::1%eth0' })
})

test('an interface that has gone is shown by its number', () => {
  const [socket] = dump(
    inetDiagMessage({ family: 2, state: 7, ports: [68, 0], local: [0, 0, 0, 0], interfaceIndex: 9 }),
  )
  expect(socket).toMatchObject({ localAddress: '0.0.0.0%9', peerAddress: '0.0.0.0' })
})

test.each([
  [1, true],
  [0, false],
])('IPV6_V6ONLY %i is told', (value, v6only) => {
  const attributes = [5, 0, 11, 0, value, 0, 0, 0]
  const [socket] = dump(
    inetDiagMessage({ family: 10, state: 10, ports: [443, 0], local: [], inode: 6, attributes }),
    'inet6',
  )
  expect(socket).toMatchObject({ localAddress: '::', v6only })
})

test("a socket without a file has no UID: the kernel's 0 would name root", () => {
  const [socket] = dump(
    inetDiagMessage({ family: 2, state: 6, ports: [1, 2], local: [127, 0, 0, 1], uid: 0, inode: 0 }),
  )
  expect(socket).toMatchObject({ state: 'TIME-WAIT', uid: null, inode: 0 })
})

test('a message that is cut is an error, wherever it is cut', () => {
  const whole = inetDiagMessage({ family: 2, state: 1, ports: [1, 2], local: [127, 0, 0, 1] })
  for (let length = 0; length < whole.length; length++)
    expect(() => dump(whole.subarray(0, length)), `${length} bytes`).toThrow('cut')
})
