import { expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { TimeSlice } from '../../server/core/time-slice.ts'
import type { Linux } from '../../server/linux/linux.ts'
import { findSocketOwners } from '../../server/linux/socket-owners.ts'
import { fixtureLinux } from '../fixture-linux.ts'

const slice = (signal = new AbortController().signal) => new TimeSlice({ clock: systemClock, signal })
const find = (linux: Linux, ...inodes: number[]) => findSocketOwners(linux, new Set(inodes), slice())

const failing = (code: string) => {
  throw Object.assign(new Error(code), { code })
}

/** A process's listing refused, as the kernel refuses it to another UID; or gone, as when it ends meanwhile. */
const withListing = (linux: Linux, path: string, code: string): Linux => ({
  ...linux,
  list: asked => (asked === path ? failing(code) : linux.list(asked)),
})

test.each([
  ['web-dbg-general', []],
  ['web-dbg-restricted', [6]],
])("%s: the target holds its listener; another UID's processes are denied: %j", async (name, refusing) => {
  const { holders, denied } = await find(fixtureLinux(`proc/${name}`), 261942)
  expect([...holders]).toEqual([[261942, [{ pid: 1, comm: 'busybox', fds: [3] }]]])
  expect(denied).toEqual(refusing)
})

test('web-dbg-notarget: nobody visible holds the listener of the pod', async () => {
  expect((await find(fixtureLinux('proc/web-dbg-notarget'), 261942)).holders.size).toBe(0)
})

test('a process whose files may not be listed is counted as denied, and the others are still found', async () => {
  const linux = withListing(fixtureLinux('proc/web-dbg-general'), '/proc/6/fd', 'EACCES')
  const { holders, denied } = await find(linux, 261942)
  expect(denied).toEqual([6])
  expect(holders.has(261942)).toBe(true)
})

test('a process whose files may be listed but not followed is denied too', async () => {
  const linux = fixtureLinux('proc/web-dbg-general')
  const readlink = (path: string) => (path.startsWith('/proc/1/fd/') ? failing('EACCES') : linux.readlink(path))
  expect(await find({ ...linux, readlink }, 261942)).toEqual({ holders: new Map(), denied: [1] })
})

test.each([
  ['a kernel thread', '6 (kworker/0:1) I 2 0 0 0 -1 69238880 0 0'],
  ['a zombie', '6 (sh) Z 1 6 6 0 -1 4228364 0 0'],
])('%s has no table of files, so it is not suspected of hiding a socket', async (_what, stat) => {
  const linux = withListing(fixtureLinux('proc/web-dbg-general'), '/proc/6/fd', 'EACCES')
  const peek: Linux['peek'] = (path, limit) => (path === '/proc/6/stat' ? Buffer.from(stat) : linux.peek(path, limit))
  expect((await find({ ...linux, peek }, 261942)).denied).toEqual([])
})

test.each(['ENOENT', 'ESRCH'])('a process that is gone (%s) is left out without a word', async code => {
  const linux = withListing(fixtureLinux('proc/web-dbg-general'), '/proc/1/fd', code)
  expect(await find(linux, 261942)).toEqual({ holders: new Map(), denied: [] })
})

test('a descriptor that closes meanwhile is left out, the rest of its process is read', async () => {
  const linux = fixtureLinux('proc/web-dbg-general')
  const readlink = (path: string) => (path === '/proc/1/fd/0' ? failing('ENOENT') : linux.readlink(path))
  expect((await find({ ...linux, readlink }, 261942)).holders.get(261942)).toMatchObject([{ fds: [3] }])
})

test('any other failure is not swallowed', async () => {
  const linux = withListing(fixtureLinux('proc/web-dbg-general'), '/proc/1/fd', 'EIO')
  await expect(find(linux, 261942)).rejects.toThrow('EIO')
})

test('nothing is read when no socket is asked for', async () => {
  const list = () => failing('EIO')
  expect(await find({ ...fixtureLinux('proc/web-dbg-general'), list })).toEqual({ holders: new Map(), denied: [] })
})

test('one process that holds a socket by two descriptors is named once, with both', async () => {
  const linux = fixtureLinux('proc/web-dbg-general')
  const readlink = (path: string) => (path === '/proc/1/fd/2' ? 'socket:[261942]' : linux.readlink(path))
  const holders = (await find({ ...linux, readlink }, 261942)).holders.get(261942)
  expect(holders?.map(({ pid, fds }) => [pid, fds.toSorted()])).toEqual([[1, [2, 3]]])
})

test('a search that is cancelled stops at its next pause', async () => {
  const controller = new AbortController()
  let listed = 0
  const clock = { ...systemClock, monotonic: () => listed * 100 }
  const linux: Linux = {
    ...fixtureLinux('proc/web-dbg-general'),
    list: path => {
      if (path === '/proc') return ['1', '2', '3', '4']
      listed++
      controller.abort()
      return []
    },
  }
  const searching = findSocketOwners(linux, new Set([1]), new TimeSlice({ clock, signal: controller.signal }))
  await expect(searching).rejects.toMatchObject({ name: 'AbortError' })
  expect(listed).toBe(1)
})
