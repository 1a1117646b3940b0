import { readFileSync } from 'node:fs'
import { machine } from 'node:os'
import { describe, expect, test } from 'vitest'
import { bytesIn } from '../../../server/linux/byte-source.ts'
import { readGoBuildInfo } from '../../../server/linux/elf/go-build-info.ts'
import { runsNatively } from '../../../server/linux/elf/machines.ts'
import { readElf } from '../../../server/linux/elf/read-elf.ts'
import { makeElf } from './make-elf.ts'

test('the program that runs this test', async () => {
  const bytes = readFileSync(process.execPath)
  const elf = await readElf(bytesIn(bytes))
  expect(elf).toMatchObject({ machine: machine(), bits: 64, isLittleEndian: true, hasGnuAbiTag: true })
  expect(elf?.interpreter).toMatch(/^\/lib.*\/ld-linux/)
  expect(elf?.buildId).toMatch(/^[0-9a-f]{40}$/)
  expect(elf?.sections.map(({ name }) => name)).toEqual(expect.arrayContaining(['.text', '.rodata', '.dynamic']))
})

describe.each([
  { bits: 64, isLittle: true, number: 183, name: 'aarch64' },
  { bits: 32, isLittle: true, number: 40, name: 'arm' },
  { bits: 64, isLittle: false, number: 22, name: 's390x' },
  { bits: 64, isLittle: true, number: 21, name: 'ppc64le' },
  { bits: 64, isLittle: false, number: 21, name: 'ppc64' },
  { bits: 32, isLittle: false, number: 8, name: 'mips' },
  { bits: 32, isLittle: true, number: 3, name: 'i686' },
  { bits: 64, isLittle: true, number: 4711, name: 'machine 4711' },
] as const)('$name', ({ bits, isLittle, number, name }) => {
  const made = { bits, isLittle, machine: number, interpreter: '/lib/ld.so', buildId: 'cafe0123' }

  test('every field, in its width and byte order', async () => {
    const elf = await readElf(bytesIn(makeElf({ ...made, sections: { '.comment': Buffer.from('GCC: 1\0') } })))
    expect(elf).toMatchObject({
      machine: name,
      bits,
      isLittleEndian: isLittle,
      interpreter: '/lib/ld.so',
      buildId: 'cafe0123',
      hasGnuAbiTag: false,
    })
    expect(elf?.sections.find(({ name }) => name === '.comment')?.size).toBe(7)
  })

  test('cut anywhere it tells less, and never fails', async () => {
    const whole = makeElf({ ...made, sections: { '.go.buildinfo': goBuildInfo('go1.22.3', 'path\tx\n') } })
    for (let length = 0; length < whole.length; length++) {
      const source = bytesIn(whole.subarray(0, length))
      const elf = await readElf(source)
      if (elf) await readGoBuildInfo(source, elf)
      expect(elf === undefined).toBe(length < (bits === 64 ? 64 : 52))
    }
  })

  test('with any byte overwritten it ends', async () => {
    const whole = makeElf({ ...made, sections: { '.go.buildinfo': goBuildInfo('go1.22.3', 'path\tx\n') } })
    for (let at = 0; at < whole.length; at++)
      for (const value of [0, 1, 0x7f, 0xff]) {
        const damaged = Buffer.from(whole)
        damaged[at] = value
        const elf = await readElf(bytesIn(damaged))
        if (elf) await readGoBuildInfo(bytesIn(damaged), elf)
      }
  })
})

test('what is no ELF file is none', async () => {
  expect(await readElf(bytesIn(Buffer.from('#!/bin/sh\n')))).toBeUndefined()
  expect(await readElf(bytesIn(Buffer.alloc(200)))).toBeUndefined()
})

/** Of Go 1.18 and later: a header of 32 bytes, and two strings with their lengths before them. */
function goBuildInfo(version: string, modules: string, flags = 2): Buffer {
  const head = Buffer.alloc(32)
  head.write('\xff Go buildinf:', 'latin1')
  head[14] = 8
  head[15] = flags
  const marked = `0123456789abcdef${modules}fedcba9876543210`
  const length = Buffer.from([(marked.length & 0x7f) | 0x80, marked.length >> 7])
  return Buffer.concat([head, Buffer.from([version.length]), Buffer.from(version), length, Buffer.from(marked)])
}

test('Go: version, module, settings and how many dependencies', async () => {
  const modules =
    'path\texample.com/cmd/server\nmod\texample.com\tv1.2.3\th1:abc=\ndep\tgolang.org/x/net\tv0.1.0\th1:x=\n' +
    'dep\tgolang.org/x/sys\tv0.1.0\n=>\t../sys\t(devel)\t\nbuild\t-ldflags="-s -w"\nbuild\tCGO_ENABLED=0\nbuild\tvcs.revision=0a1b2c\n'
  const bytes = makeElf({
    bits: 64,
    isLittle: true,
    machine: 62,
    sections: { '.go.buildinfo': goBuildInfo('go1.22.3', modules) },
  })
  const elf = (await readElf(bytesIn(bytes)))!
  expect(elf).toMatchObject({ interpreter: null, buildId: null })
  expect(await readGoBuildInfo(bytesIn(bytes), elf)).toEqual({
    goVersion: 'go1.22.3',
    path: 'example.com/cmd/server',
    module: { path: 'example.com', version: 'v1.2.3' },
    settings: { '-ldflags': '-s -w', CGO_ENABLED: '0', 'vcs.revision': '0a1b2c' },
    dependencies: 2,
  })
})

test('Go: one that keeps pointers is older, and no build info is none', async () => {
  const old = makeElf({
    bits: 64,
    isLittle: true,
    machine: 62,
    sections: { '.go.buildinfo': goBuildInfo('x', 'x', 0) },
  })
  expect(await readGoBuildInfo(bytesIn(old), (await readElf(bytesIn(old)))!)).toMatchObject({
    goVersion: 'before go1.18',
  })
  const none = makeElf({ bits: 64, isLittle: true, machine: 62, sections: {} })
  expect(await readGoBuildInfo(bytesIn(none), (await readElf(bytesIn(none)))!)).toBeUndefined()
})

test('a kernel runs its own programs, and those of half the width', () => {
  expect(runsNatively('x86_64', 'i686')).toBe(true)
  expect(runsNatively('aarch64', 'arm')).toBe(true)
  expect(runsNatively('armv7l', 'arm')).toBe(true)
  expect(runsNatively('x86_64', 'aarch64')).toBe(false)
  expect(runsNatively('aarch64', 'x86_64')).toBe(false)
})
