import { expect, test } from 'vitest'
import { parseNetTcp, readNetTcp } from '../../../server/linux/procfs/net-tcp.ts'
import { fixtureLinux } from '../../fixture-linux.ts'

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                     \n'

const parse = (...lines: string[]) => [...parseNetTcp(heading + lines.map(line => `${line}\n`).join(''), 'tcp')]

const established =
  '   1: 0100007F:1F90 0202000A:C350 01 0000000A:00000005 00:00000000 00000000  1000        0 261942 1 0000000085235b26 20 4 30 10 -1'

test('a connection is read with its addresses turned round and its queues', () => {
  expect(parse(established)).toEqual([
    {
      protocol: 'tcp',
      family: 'inet',
      state: 'ESTAB',
      localAddress: '127.0.0.1',
      localPort: 8080,
      peerAddress: '10.0.2.2',
      peerPort: 50000,
      recvQ: 5,
      sendQ: 10,
      uid: 1000,
      inode: 261942,
    },
  ])
})

test("a listener's backlog is unknown, not 0", () => {
  const [socket] = parse(established.replace(' 01 ', ' 0A '))
  expect(socket).toMatchObject({ state: 'LISTEN', recvQ: 5, sendQ: null })
})

test('IPv4-mapped and link-local IPv6 addresses are written as RFC 5952 has them', () => {
  const [socket] = parse(
    '   0: 0000000000000000FFFF00000100007F:1F91 000080FE00000000FF005450B6AD1DFE:0050 08 00000000:00000001 00:00000000 00000000     0        0 73062 1 0000000000000000 20 4 30 10 -1',
  )
  expect(socket).toMatchObject({
    family: 'inet6',
    state: 'CLOSE-WAIT',
    localAddress: '::ffff:127.0.0.1',
    peerAddress: 'fe80::5054:ff:fe1d:adb6',
  })
})

test('TIME-WAIT has neither inode nor UID', () => {
  const [socket] = parse(
    '   7: 0100007F:B682 0100007F:1F91 06 00000000:00000000 03:0000176E 00000000     0        0 0 3 0000000000000000',
  )
  expect(socket).toMatchObject({ state: 'TIME-WAIT', uid: null, inode: 0 })
})

test('a line cut anywhere before its inode ends is left out or read alike, and nothing throws', () => {
  const inodeEnd = established.indexOf('261942') + 6
  for (let length = 0; length < established.length; length++) {
    const sockets = parse(established.slice(0, length))
    if (length >= inodeEnd) expect(sockets).toEqual(parse(established))
    else expect(sockets.every(({ inode }) => '261942'.startsWith(String(inode)))).toBe(true)
  }
})

test('lines that are none are passed over', () => {
  expect(parse('', 'nonsense', established.replace('0100007F', '0100007'), established)).toHaveLength(1)
  expect([...parseNetTcp('', 'tcp')]).toEqual([])
  expect([...parseNetTcp(heading.trimEnd(), 'tcp')]).toEqual([])
})

test.each(['web-dbg-general', 'web-dbg-notarget', 'web-dbg-restricted'])('%s: the pod listens on 8080', name => {
  const linux = fixtureLinux(`proc/${name}`)
  expect([...readNetTcp(linux, 'tcp', 'inet6')]).toMatchObject([
    { state: 'LISTEN', localAddress: '::', localPort: 8080, uid: 1000, inode: 261942 },
  ])
  expect([...readNetTcp(linux, 'udp', 'inet')]).toEqual([])
})

test('a kernel without IPv6 has no IPv6 sockets, but one without tcp is an error', () => {
  const linux = fixtureLinux('no-such-tree')
  expect([...readNetTcp(linux, 'tcp', 'inet6')]).toEqual([])
  expect(() => readNetTcp(linux, 'tcp', 'inet')).toThrow('ENOENT')
})
