import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linuxAt } from '../../../server/linux/linux.ts'
import { openRoot } from '../../../server/linux/root/root.ts'
import { mountSilentFuse } from '../fuse/silent-fuse.ts'
import { openJail } from './jail.ts'

const linux = linuxAt('/')
const bytes = (text: string) => Buffer.from(text)

test('a mount that never answers is told of, and everything beside it is seen', async () => {
  await using jail = await openJail()
  mkdirSync(join(jail.inside, 'data/dead'), { recursive: true })
  writeFileSync(join(jail.inside, 'data/alive'), 'alive')
  await using _fuse = await mountSilentFuse(join(jail.inside, 'data/dead'))
  using root = await openRoot(linux, jail.pid)
  const message = expect.stringMatching(/^\/data\/dead: the fuse\S* mounted there does not answer/)
  for (const path of ['data/dead', '/data/dead/x/y', 'data/../data/dead/.'])
    await expect(root.status(bytes(path))).rejects.toMatchObject({ code: 'unavailable', message })
  using folder = await root.folder(bytes('data'))
  const names: string[] = []
  for await (const slice of folder.entries(true)) names.push(...slice.map(({ name }) => name.toString()))
  expect(names.sort()).toEqual(['alive', 'dead'])
  for (const call of ['enter', 'status', 'place', 'open', 'readlink'] as const)
    await expect(folder[call](bytes('dead'))).rejects.toMatchObject({ code: 'unavailable', message })
  expect((await (await root.open(bytes('data/alive'))).beginning(99)).toString()).toBe('alive')
})

test('a mount that answers late is waited for', async () => {
  await using jail = await openJail()
  mkdirSync(join(jail.inside, 'late'))
  await using _fuse = await mountSilentFuse(join(jail.inside, 'late'), 100)
  using root = await openRoot(linux, jail.pid)
  expect((await root.status(bytes('late'))).type).toBe('directory')
  using folder = await root.folder(bytes('late'))
  const slices: unknown[] = []
  for await (const slice of folder.entries(true)) slices.push(slice)
  expect(slices).toEqual([])
})
