import { expect, test } from 'vitest'
import { escaped, escapedCommand } from '../../../server/tools/openfiles/escape.ts'
import { matchesInternet, parseInternetWord } from '../../../server/tools/openfiles/internet-words.ts'
import { matchesPort, parsePortWord } from '../../../server/tools/openfiles/port-words.ts'
import type { FileEvent } from '../../../server/tools/openfiles/schema.ts'

const socket = {
  kind: 'IPv6',
  protocol: 'tcp',
  localAddress: '::ffff:10.0.0.1',
  localPort: 80,
  peerAddress: 'fe80::1%eth0',
  peerPort: 40_000,
} as FileEvent
const services = (protocol: string, port: number) => (protocol === 'tcp' && port === 80 ? 'http' : undefined)

test.each([
  ['any', true],
  ['6', true],
  ['4', false],
  ['TCP', true],
  ['udp', false],
  [':80', true],
  [':http', true],
  [':https', false],
  [':1-100', true],
  [':81,40000', true],
  ['@10.0.0.1', true],
  ['@10.0.0.1:80', true],
  ['@10.0.0.1:40000', false],
  ['6tcp@[fe80::1]:40000', true],
])('lsof -i %s takes a socket: %s', (word, takes) => {
  expect(matchesInternet(socket, parseInternetWord(word), services)).toBe(takes)
})

test.each(['sctp', '5', ':', ':70000', ':9-1', '@', '@fe80::1', '@example.com', ': 80'])(
  'lsof -i "%s" is refused',
  word => {
    expect(() => parseInternetWord(word)).toThrow(/^internet: /)
  },
)

test.each([
  ['80', true],
  ['80/tcp', true],
  ['80/udp', false],
  ['http/tcp', true],
  ['40000', false],
  ['80,,40000/tcp', true],
  ['80,[fe80::1],40000/tcp', true],
  ['80,10.9.9.9', false],
  [',,40000', true],
])('port %s takes a socket: %s', (word, takes) => {
  expect(matchesPort(socket, parsePortWord(word), services)).toBe(takes)
})

test.each(['', ',,', '0', '70000/tcp', '80/sctp', '80 81', '/tcp'])('port "%s" is refused', word => {
  expect(() => parsePortWord(word)).toThrow(/^ports: /)
})

test('what is not printable is written as lsof writes it', () => {
  expect(escaped('a\nb\t\x1b[31m\\ é 你\x7f\x85')).toBe('a\\nb\\t^[[31m\\\\ é 你\\x7f\\x85')
  expect(escaped('', Buffer.from([0x61, 0xff, 0xfe]).toString('base64'))).toBe('a\\xff\\xfe')
  expect(escapedCommand('odd name')).toBe('odd\\x20name')
})
