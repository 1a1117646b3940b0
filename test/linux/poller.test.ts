import { execFileSync } from 'node:child_process'
import { closeSync, readdirSync, readlinkSync, readSync, writeSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { checked, openLibc, pinned } from '../../server/linux/libc.ts'
import { type Watch, watch } from '../../server/linux/poller.ts'

const open: Array<() => void> = []
afterEach(() => {
  for (const close of open.splice(0).reverse()) close()
  expect(epollSets()).toBe(before)
})

/** Node's own sets, and one more while something is watched. */
const epollSets = () =>
  readdirSync('/proc/self/fd').filter(name => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === 'anon_inode:[eventpoll]'
    } catch {
      return false
    }
  }).length
const before = epollSets()

/** A pipe whose reading end is watched. */
async function watchedPipe(): Promise<{ watch: Watch; read: number; write: number }> {
  const libc = await openLibc()
  const ends = pinned(8)
  checked(libc, 'pipe2', libc.func<(ends: Buffer, flags: number) => number>('int pipe2(void *, int)')(ends, 0x80800))
  const [read, write] = [ends.readInt32LE(0), ends.readInt32LE(4)]
  open.push(
    () => closeSync(read),
    () => closeSync(write),
  )
  const watched = await watch(read)
  open.push(() => watched.close())
  return { watch: watched, read, write }
}

test('a wait ends when the descriptor can be read, before and after it began', async () => {
  const { watch, read, write } = await watchedPipe()
  writeSync(write, 'a')
  await watch.ready(Number.POSITIVE_INFINITY)
  expect(readSync(read, Buffer.alloc(9))).toBe(1)
  const waiting = watch.ready(Number.POSITIVE_INFINITY)
  setTimeout(() => writeSync(write, 'bc'), 10)
  await waiting
  expect(readSync(read, Buffer.alloc(9))).toBe(2)
})

test('a wait ends when its time is over and when it is woken, also before it began', async () => {
  const { watch } = await watchedPipe()
  await watch.ready(5)
  const waiting = watch.ready(Number.POSITIVE_INFINITY)
  watch.wake()
  await waiting
  watch.wake()
  await watch.ready(Number.POSITIVE_INFINITY)
})

test('what was not read is reported again at the next wait, and never between', async () => {
  const { watch, write } = await watchedPipe()
  writeSync(write, 'a')
  await watch.ready(Number.POSITIVE_INFINITY)
  const { user, system } = process.cpuUsage()
  await new Promise(resolve => setTimeout(resolve, 200))
  const used = process.cpuUsage({ user, system })
  expect(used.user + used.system).toBeLessThan(150_000)
  await watch.ready(Number.POSITIVE_INFINITY)
})

test('closing ends the wait, and a hundred watches leave one set between them', async () => {
  const pipes = await Promise.all(Array.from({ length: 100 }, watchedPipe))
  expect(epollSets()).toBe(before + 1)
  const waits = pipes.map(({ watch }) => watch.ready(Number.POSITIVE_INFINITY))
  pipes[0]?.watch.close()
  await waits[0]
  for (const { write } of pipes.slice(1)) writeSync(write, 'x')
  await Promise.all(waits)
})

test('a descriptor that cannot be watched says so and leaves nothing behind', async () => {
  await expect(watch(-1)).rejects.toMatchObject({ code: 'EBADF' })
})

test('a process with a watch exits at once when told, and by itself after the last one left', () => {
  const script = `
    const { watch } = await import(${JSON.stringify(new URL('../../server/linux/poller.ts', import.meta.url).href)})
    const { createSocket } = await import('node:dgram')
    const watched = await watch(0)
    setTimeout(() => process.argv[1] === 'exit' ? process.exit(7) : watched.close(), 20)
    await watched.ready(Infinity)
    console.log('over')`
  const node = (word: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script, word], { stdio: ['pipe', 'pipe', 'inherit'] })
  expect(String(node('leave'))).toBe('over\n')
  expect(() => node('exit')).toThrow(expect.objectContaining({ status: 7 }))
})
