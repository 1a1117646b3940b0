import { expect, test } from 'vitest'
import type { Linux } from '../../../server/linux/linux.ts'
import { readKernel } from '../../../server/tools/os/kernel.ts'

const saying = (files: Record<string, string>) =>
  readKernel({
    read(path: string) {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
      return Buffer.from(`${text}\n`)
    },
  } as Linux)

const release = '/proc/sys/kernel/osrelease'

test.each([
  ['gVisor', { '/proc/version': 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016' }, '4.4.0'],
  ['WSL', { [release]: '5.15.153.1-microsoft-standard-WSL2' }, '5.15.153.1-microsoft-standard-WSL2'],
  ['Docker Desktop', { [release]: '6.6.32-linuxkit' }, '6.6.32-linuxkit'],
  [
    'Kata Containers',
    { [release]: '6.1.38', '/proc/cmdline': 'reboot=k systemd.unit=kata-containers.target' },
    '6.1.38',
  ],
  [null, { [release]: '6.1.38', '/proc/cmdline': 'quiet splash' }, '6.1.38'],
])('%s by its own words', (sandbox, files, expected) => {
  expect(saying(files)).toMatchObject({ sandbox, release: expected })
})

test.each([
  ['5.14.0-362.8.1.el9_3.x86_64', 'Enterprise Linux'],
  ['6.1.79-99.164.amzn2023.x86_64', 'Amazon Linux'],
  ['5.15.0-1057-azure', 'Azure'],
  ['6.5.0-1014-aws', 'AWS'],
  ['5.10.134-16.al8.x86_64', 'Alibaba Cloud Linux'],
  ['6.8.0-31-generic', 'Ubuntu'],
  ['6.1.0-18-amd64', 'Debian'],
  ['6.18.44', null],
])('%s is a kernel of %s', (told, flavour) => {
  expect(saying({ [release]: told })).toMatchObject({ flavour })
})

test('where /proc is not mounted nothing is known', () => {
  expect(saying({})).toMatchObject({ release: null, version: null, machine: null, sandbox: null, flavour: null })
})
