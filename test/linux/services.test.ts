import { expect, test } from 'vitest'
import { parseEphemeralRange, parseServices, readServices } from '../../server/linux/services.ts'
import { fixtureLinux } from '../fixture-linux.ts'

test('a port is called by the first name of its protocol, and aliases and remarks are passed over', () => {
  const names = parseServices('# head\nhttp\t80/tcp  www # web\nwww-alt 80/tcp\ndomain 53/udp\nbroken\nbad x/tcp\n')
  expect([...names]).toEqual([
    ['80/tcp', 'http'],
    ['53/udp', 'domain'],
  ])
})

test('the range of ports for outgoing connections is read', () => {
  expect(parseEphemeralRange('32768\t60999\n')).toEqual({ first: 32768, last: 60999 })
})

test('where there is no /etc/services no port has a name', () => {
  expect(readServices(fixtureLinux('proc/web-dbg-general'))('tcp', 80)).toBeUndefined()
})

test('a port the kernel hands out for outgoing connections has no name, whatever the file says', () => {
  const files: Record<string, string> = {
    '/etc/services': 'known 40000/tcp\nhttp 80/tcp\n',
    '/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
  }
  const linux = { ...fixtureLinux('proc/web-dbg-general'), read: (path: string) => Buffer.from(files[path] ?? '') }
  const nameOf = readServices(linux)
  expect([nameOf('tcp', 40000), nameOf('tcp', 80), nameOf('udp', 80)]).toEqual([undefined, 'http', undefined])
})
