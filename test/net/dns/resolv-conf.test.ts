import { describe, expect, test } from 'vitest'
import { lookUpHosts, parseHosts, readHosts } from '../../../server/net/dns/hosts.ts'
import { parseResolvConf, readResolvConf } from '../../../server/net/dns/resolv-conf.ts'
import { fixtureLinux } from '../../fixture-linux.ts'

describe('resolv.conf', () => {
  test('a cluster pod has its servers, search list and ndots', () => {
    const conf = parseResolvConf(`search default.svc.cluster.local svc.cluster.local cluster.local
nameserver 10.96.0.10
nameserver fe80::1%eth0
options ndots:5 timeout:2 attempts:3 rotate use-vc edns0`)
    expect(conf).toEqual({
      nameservers: ['10.96.0.10', 'fe80::1%eth0'],
      search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
      timeoutSeconds: 2,
      attempts: 3,
      rotate: true,
      useTcp: true,
    })
  })

  test('an empty file means a server on this machine and the defaults of resolv.conf(5)', () => {
    expect(parseResolvConf('')).toMatchObject({
      nameservers: ['127.0.0.1'],
      search: [],
      ndots: 1,
      timeoutSeconds: 5,
      attempts: 2,
    })
  })

  test('the last of search and domain counts, a fourth server and what is no address do not', () => {
    const conf = parseResolvConf(`domain one.example
search two.example three.example
domain\tfour.example
nameserver nonsense
nameserver
nameserver 1.1.1.1 # first
; nameserver 9.9.9.9
nameserver 2.2.2.2
nameserver ::3
nameserver 4.4.4.4`)
    expect(conf).toMatchObject({ nameservers: ['1.1.1.1', '2.2.2.2', '::3'], search: ['four.example'] })
  })

  test('options are capped as glibc caps them, and nonsense changes nothing', () => {
    expect(parseResolvConf('options ndots:99 timeout:99 attempts:99')).toMatchObject({
      ndots: 15,
      timeoutSeconds: 30,
      attempts: 5,
    })
    expect(parseResolvConf('options ndots:x timeout:0 attempts: ndots:-1')).toMatchObject({
      ndots: 1,
      timeoutSeconds: 1,
      attempts: 2,
    })
  })

  test.each(['shared-debug', 'web-dbg-general', 'web-dbg-notarget', 'web-dbg-restricted'])(
    'as a real node gave it to %s',
    pod =>
      expect(readResolvConf(fixtureLinux(`proc/${pod}`))).toMatchObject({ nameservers: ['10.255.255.53'], search: [] }),
  )

  test('without the file the defaults hold; unreadable it is an error that says what to do', () => {
    expect(readResolvConf(linuxThatThrows('ENOENT')).nameservers).toEqual(['127.0.0.1'])
    expect(() => readResolvConf(linuxThatThrows('EACCES'))).toThrow(
      expect.objectContaining({ code: 'not_permitted', remedy: expect.stringContaining('--server') }),
    )
  })
})

describe('hosts', () => {
  const entries = parseHosts(`# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1 localhost ip6-localhost # loopback
10.0.0.5 web.default.svc web
10.0.0.6 WEB
10.0.0.7
nonsense name`)

  test('a name has every address of the family, in any case', () => {
    expect(lookUpHosts(entries, 'Web', 'A')).toEqual(['10.0.0.5', '10.0.0.6'])
    expect(lookUpHosts(entries, 'localhost', 'AAAA')).toEqual(['::1'])
    expect(lookUpHosts(entries, 'web', 'AAAA')).toEqual([])
    expect(lookUpHosts(entries, 'web', 'MX')).toEqual([])
  })

  test('an address has its canonical name', () => {
    expect(lookUpHosts(entries, '5.0.0.10.in-addr.arpa', 'PTR')).toEqual(['web.default.svc.'])
  })

  test('as a real node gave it to a pod', () => {
    const real = readHosts(fixtureLinux('proc/web-dbg-general'))
    expect(lookUpHosts(real, 'web', 'A')).toEqual(['10.244.0.3'])
    expect(lookUpHosts(real, 'ip6-loopback', 'AAAA')).toEqual(['::1'])
  })
})

function linuxThatThrows(code: string) {
  const linux = fixtureLinux('proc/web-dbg-general')
  const read = (): Buffer => {
    throw Object.assign(new Error(code), { code })
  }
  return { ...linux, read }
}
