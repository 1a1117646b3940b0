import { expect, test } from 'vitest'
import { dumpUnixSockets } from '../../../server/linux/netlink/unix-diag.ts'
import { fakeKernel } from './fake-kernel.ts'

const attribute = (type: number, payload: Buffer): Buffer => {
  const bytes = Buffer.alloc((4 + payload.length + 3) & ~3)
  bytes.writeUInt16LE(4 + payload.length, 0)
  bytes.writeUInt16LE(type, 2)
  payload.copy(bytes, 4)
  return bytes
}

const words = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer)

const dump = (type: number, state: number, inode: number, ...attributes: Buffer[]) => {
  const message = Buffer.concat([Buffer.from([1, type, state, 0]), words(inode, 0, 0), ...attributes])
  return [
    ...dumpUnixSockets(
      fakeKernel(() => [message]),
      0xfff,
    ),
  ].flat()
}

test('a connected stream has a path, its peer, queues and the UID of its maker', () => {
  const attributes = [
    attribute(0, Buffer.from('/run/app.sock\0')),
    attribute(2, words(42)),
    attribute(4, words(5, 6)),
    attribute(7, words(1000)),
  ]
  expect(dump(1, 1, 41, ...attributes)).toEqual([
    {
      protocol: 'unix',
      socketType: 'stream',
      state: 'ESTAB',
      localAddress: '/run/app.sock',
      inode: 41,
      peerInode: 42,
      recvQ: 5,
      sendQ: 6,
      uid: 1000,
    },
  ])
})

test('each NUL byte of an abstract name is written @, as ss writes it', () => {
  const [socket] = dump(2, 7, 9, attribute(0, Buffer.from('\0bus\0one')))
  expect(socket).toMatchObject({ socketType: 'dgram', state: 'UNCONN', localAddress: '@bus@one', peerInode: 0 })
})

test('what a kernel does not send stays unknown', () => {
  const [socket] = dump(5, 1, 9)
  expect(socket).toMatchObject({ socketType: 'seqpacket', localAddress: null, recvQ: null, sendQ: null, uid: null })
})

test('attributes too short for their value are passed over', () => {
  const [socket] = dump(1, 1, 9, attribute(2, Buffer.from([1])), attribute(4, words(3)), attribute(7, Buffer.alloc(0)))
  expect(socket).toMatchObject({ peerInode: 0, recvQ: null, uid: null })
})
