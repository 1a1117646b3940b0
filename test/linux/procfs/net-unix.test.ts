import { expect, test } from 'vitest'
import { parseNetUnix } from '../../../server/linux/procfs/net-unix.ts'

const parse = (...lines: string[]) => [
  ...parseNetUnix(['Num       RefCount Protocol Flags    Type St Inode Path', ...lines, ''].join('\n')),
]

test('a listener, a connection and a datagram socket are told apart', () => {
  const sockets = parse(
    '0000000000000000: 00000002 00000000 00010000 0001 01 73049 /run/app.sock',
    '0000000000000000: 00000003 00000000 00000000 0005 03 73050',
    '0000000000000000: 00000002 00000000 00000000 0002 01 73051 @abs@tract',
  )
  expect(sockets).toMatchObject([
    { socketType: 'stream', state: 'LISTEN', localAddress: '/run/app.sock', inode: 73049, refCount: 2 },
    { socketType: 'seqpacket', state: 'ESTAB', localAddress: null, inode: 73050, refCount: 3 },
    { socketType: 'dgram', state: 'UNCONN', localAddress: '@abs@tract', inode: 73051 },
  ])
  expect(sockets.every(({ peerInode, recvQ, uid }) => peerInode === null && recvQ === null && uid === null)).toBe(true)
})

test('a path keeps its spaces, and a line break in it makes no socket of its own', () => {
  const sockets = parse(
    '0000000000000000: 00000002 00000000 00010000 0001 01 7 /run/my app\tdir/x ',
    '0000000000000000: 00000002 00000000 00010000 0001 01 8 /run/broken',
    'second line of that name',
  )
  expect(sockets.map(({ localAddress }) => localAddress)).toEqual(['/run/my app\tdir/x ', '/run/broken'])
})

test('a connection that nobody accepted yet has inode 0', () => {
  expect(parse('0000000000000000: 00000003 00000000 00000000 0001 02     0 /run/app.sock')).toMatchObject([
    { state: 'ESTAB', inode: 0 },
  ])
})
