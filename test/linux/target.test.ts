import { expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { containerLabel, findTarget, listContainers } from '../../server/linux/target.ts'
import { fixtureLinux } from '../fixture-linux.ts'

const at = (name: string) => ({
  linux: fixtureLinux(`proc/${name}`),
  clock: systemClock,
  signal: new AbortController().signal,
})

async function targetIn(name: string, word?: string) {
  const { container, pid, pids } = await findTarget(at(name), word)
  return [containerLabel(container), pid, pids]
}

test('beside a target, that of pid 1 is meant, whatever other debug containers there are', async () => {
  expect(await targetIn('web-dbg-general')).toEqual(['app', 1, [1]])
  expect(await targetIn('web-dbg-restricted')).toEqual(['app', 1, [1]])
})

test('in a shared pid namespace the only container beside pause and ourselves is meant', async () => {
  expect((await targetIn('shared-debug')).slice(0, 2)).toEqual(['app', 8])
})

test('it is found by name, id, the beginning of the id, and any pid in it', async () => {
  const [first] = (await listContainers(at('web-dbg-general'))).filter(({ pid }) => pid === 1)
  const id = first!.container.id!
  for (const word of ['app', id, id.slice(0, 6), '1'])
    expect([word, ...(await targetIn('web-dbg-general', word))]).toEqual([word, 'app', 1, [1]])
  expect((await targetIn('web-dbg-general', '46')).slice(0, 2)).toEqual(['dbg-general', 46])
})

test('alone in a pid namespace there is no target, and it is said how to see one', async () => {
  await expect(findTarget(at('web-dbg-notarget'))).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('no process of another container'),
    remedy: expect.stringContaining('--target=CONTAINER'),
  })
})

test('a word that fits nothing is answered with what there is', async () => {
  for (const word of ['nginx', '99999', 'fffff'])
    await expect(findTarget(at('web-dbg-general'), word)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining(`'${word}'`),
      remedy: expect.stringMatching(/app \(pid 1\).*dbg-general/),
    })
})

test('of several containers one must be named', async () => {
  await expect(findTarget(at('cgroup-namespace'))).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(/several containers: .*app \(pid 8\)/),
    remedy: expect.stringContaining('--target'),
  })
  expect((await targetIn('cgroup-namespace', 'app')).slice(0, 2)).toEqual(['app', 8])
})
