import { expect, test } from 'vitest'
import type { Linux } from '../../../server/linux/linux.ts'
import { readOtherSockets } from '../../../server/linux/procfs/net-other.ts'
import { accessOf, lockOf, parseFdInfo } from '../../../server/linux/procfs/pid-fdinfo.ts'
import { mappedFileKeys, parseMappedFileKey } from '../../../server/linux/procfs/pid-maps.ts'

const info = (text: string) => parseFdInfo(Buffer.from(text))

test('fdinfo of old and new kernels, and what stands below', () => {
  expect(info('pos:\t0\nflags:\t0100002\nmnt_id:\t24\nino:\t3\n')).toEqual({
    offset: 0,
    flags: 0o100002,
    mountId: 24,
    inode: 3,
    more: '',
  })
  expect(info('pos:\t12884901888\nflags:\t02\nmnt_id:\t7\n')).toMatchObject({
    offset: 12_884_901_888,
    inode: undefined,
    more: '',
  })
  const epoll = info('pos:\t0\nflags:\t02\nmnt_id:\t15\nino:\t9\ntfd:       12 events:       19 data: c\n')
  expect(epoll.more).toBe('tfd:       12 events:       19 data: c\n')
  expect(info('pos:\t0\nflags:\t02\nmnt_id:\t15\ntfd:       12\n')).toMatchObject({
    inode: undefined,
    more: 'tfd:       12\n',
  })
})

test('access and locks', () => {
  expect([0o100000, 0o1, 0o2, 0o10000000].map(accessOf)).toEqual(['r', 'w', 'u', null])
  const lock = (kind: string, range: string) => `lock:\t1: POSIX  ADVISORY  ${kind} 32198 fe:00:2146959 ${range}\n`
  expect(lockOf(lock('WRITE', '0 EOF'))).toBe('W')
  expect(lockOf(lock('READ ', '5 9'))).toBe('r')
  expect(lockOf(lock('READ', '0 EOF') + lock('WRITE', '0 2'))).toBe('w')
  expect(lockOf('tfd:       12\n')).toBeUndefined()
})

test('mapped files, each once; memory of no file is left out', () => {
  const keys = mappedFileKeys(
    [
      '7f00-7f01 r--p 00000000 fe:00 2146958                    /usr/lib/a b.so',
      '7f01-7f02 r-xp 00001000 fe:00 2146958                    /usr/lib/a b.so',
      '7f02-7f03 rw-p 00000000 00:00 0 ',
      '7f03-7f04 rw-p 00000000 00:00 0                          [heap]',
      '7f04-7f05 rw-s 00000000 fd:10 77                         /tmp/new\\012line (deleted)',
      '7f05-7f06 rw-s 00000000 00:10 5                          anon_inode:[io_uring]',
      '',
    ].join('\n'),
  )
  expect([...keys].map(parseMappedFileKey)).toEqual([
    { device: '254,0', inode: 2_146_958, name: '/usr/lib/a b.so', deleted: false },
    { device: '253,16', inode: 77, name: '/tmp/new\nline', deleted: true },
    { device: '0,16', inode: 5, name: 'anon_inode:[io_uring]', deleted: false },
  ])
})

test('raw, packet and netlink sockets; a kernel without one of the files has none of these', () => {
  const files: Record<string, string> = {
    '/proc/1/net/raw':
      '  sl  local_address\n 108: 00000000:0001 00000000:0000 07 00000000:00001D40 00:00000000 00000000     0        0 125296 2 0 0\n',
    '/proc/1/net/packet': 'sk RefCnt\n0000 3      3    0003   0     1 213050 0      125295\n',
    '/proc/1/net/netlink':
      'sk Eth\n0000 15  2899 00000002 0        0        0     2        0        199975  \n0000 4 0 0 0 0 0 2 0 0\n',
  }
  const linux = {
    read(path: string) {
      if (path in files) return Buffer.from(files[path]!)
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
    },
  } as Linux
  expect([...readOtherSockets(linux, 1)]).toEqual([
    { kind: 'raw', protocol: 'ICMP', inode: 125_296 },
    { kind: 'packet', protocol: 'ALL', inode: 125_295, type: 'SOCK_RAW' },
    { kind: 'netlink', protocol: 'KOBJECT_UEVENT', inode: 199_975 },
  ])
})
