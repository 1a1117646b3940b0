import { expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { parseInput } from '../../server/core/input.ts'
import { report } from '../../server/core/run.ts'
import { findTarget, listContainers } from '../../server/linux/target.ts'
import type { PsProcess, PsSummary } from '../../server/tools/ps/schema.ts'
import { ps } from '../../server/tools/ps/tool.ts'
import { type Fault, type MadeProcess, madeLinux } from './made-linux.ts'

const [pause, app, own, other] = ['a', 'b', 'c', 'd'].map(digit => digit.repeat(64)) as [string, string, string, string]
const cgroup = (id: string) => `0::/../cri-containerd-${id}.scope\n`
const mounts = (mnt: number) => `${mnt} 1 0:44 / / rw - overlay overlay rw\n`

/** A pod in good order, and pid 50, in a container of its own, with which something is wrong. */
const processes: MadeProcess[] = [
  { pid: 1, cgroup: cgroup(pause), mnt: 100, mountinfo: mounts(100), cmdline: '/pause\0' },
  { pid: 8, cgroup: cgroup(app), mnt: 200, mountinfo: mounts(200) },
  { pid: 20, comm: 'ditty', cgroup: cgroup(own), mnt: 300, mountinfo: mounts(300) },
  { pid: 50, comm: 'odd', cgroup: cgroup(other), mnt: 400, mountinfo: mounts(400) },
]

const errno = (name: string): Fault => ({ errno: name })
const faults: [string, Fault][] = [
  ...['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].map(name => [name, errno(name)] as [string, Fault]),
  ['nothing', Buffer.alloc(0)],
  ['a newline', Buffer.from('\n')],
  ['garbage', Buffer.from([0xff, 0xfe, 0x00, 0x28, 0x29, 0x3a, 0x0a, 0x80])],
  ['a line cut short', Buffer.from('50 (odd')],
  ['64 KiB of one byte', Buffer.alloc(65_536, 0x41)],
]
const files = ['stat', 'status', 'cgroup', 'cmdline', 'mountinfo', 'ns/mnt', 'ns/pid']
const cases = files.flatMap(file => faults.map(([what, fault]) => [what, file, fault] as const))

const lookoutAt = (broken: Record<string, Fault>, of = processes) => {
  const signal = new AbortController().signal
  return { linux: madeLinux(of, 20, broken), clock: systemClock, signal, stop: signal }
}

const pidsIn = async (lookout: ReturnType<typeof lookoutAt>, pid: number) =>
  (await listContainers(lookout)).find(({ pids }) => pids.includes(pid))?.container.id

test.each(cases)('%s in the %s of one process leaves the others whole', async (_what, file, fault) => {
  const lookout = lookoutAt({ [`/proc/50/${file}`]: fault })
  expect(await Promise.all([1, 8, 20].map(pid => pidsIn(lookout, pid)))).toEqual([pause, app, own])
  expect(await findTarget(lookout, 'bbbb')).toMatchObject({ pid: 8 })
  const { events, summary } = await report(ps, await parseInput(ps.input, {}), lookout)
  const shown = events.flatMap(event => (event.type === 'process' ? [(event as PsProcess).pid] : []))
  expect(shown.filter(pid => pid !== 50)).toEqual([1, 8, 20])
  const { vanished, notes } = summary as PsSummary
  const hidden = notes.filter(({ what }) => what.startsWith('1 processes'))
  expect(vanished + hidden.length + shown.length).toBe(4)
})

test('what is wrong with our own entries or the first process is no reason to show nothing', async () => {
  for (const pid of [1, 20])
    for (const [, file, fault] of cases) {
      const found = await listContainers(lookoutAt({ [`/proc/${pid}/${file}`]: fault }))
      expect(found.find(({ pids }) => pids.includes(8))).toMatchObject({ container: { id: app }, pid: 8 })
    }
})

test('a process that ends between two reads is in no container, and the next one is not mistaken for it', async () => {
  const once = madeLinux(processes, 20)
  const lookout = lookoutAt({})
  let gone = false
  lookout.linux = {
    ...once,
    peek(path, limit) {
      if (gone && path.startsWith('/proc/50/')) throw Object.assign(new Error('ESRCH'), { code: 'ESRCH' })
      gone ||= path === '/proc/50/stat'
      return once.peek(path, limit)
    },
  }
  expect((await listContainers(lookout)).map(({ pids }) => pids)).toEqual([[1], [8], [20]])
})

const kernelThread = 0x00200040
const strange: MadeProcess[] = [
  ...processes,
  { pid: 2, comm: 'kthreadd', flags: kernelThread, cgroup: '0::/\n', cmdline: '' },
  { pid: 60, ppid: 8, comm: 'late', state: 'Z', cgroup: cgroup(app), cmdline: '' },
  { pid: 61, tgid: 8, comm: 'worker', cgroup: cgroup(app), isUnlisted: true },
  { pid: 70, comm: 'hidden', cgroup: cgroup(other) },
]
const meaning = (word: string) => findTarget(lookoutAt({ '/proc/70/stat': errno('EACCES') }, strange), word)

test.each([
  ['2', 'not_found', /process 2 is a thread of the kernel/, /bbbbbbbbbbbb \(pid 8\)/],
  ['60', 'not_found', /process 60 has ended, and waits for its parent/, /its parent 8/],
  ['61', 'not_found', /61 is a thread of process 8/, /name 8/],
  ['70', 'not_permitted', /process 70 is there, but \/proc hides it/, /UID 0/],
  ['71', 'not_found', /no process, container name or id '71'/, /bbbbbbbbbbbb \(pid 8\)/],
  ['0', 'not_found', /'0'/, /there are/],
  ['-8', 'not_found', /'-8'/, /there are/],
  ['8.0', 'not_found', /'8\.0'/, /there are/],
  ['0x8', 'not_found', /'0x8'/, /there are/],
  ['99999999999999999999', 'not_found', /'99999999999999999999'/, /there are/],
  ['../8', 'not_found', /'\.\.\/8'/, /there are/],
  ['bbb', 'not_found', /'bbb'/, /there are/],
  ['BBBB', 'not_found', /'BBBB'/, /there are/],
  ['你好', 'not_found', /'你好'/, /there are/],
])('%s as a target is answered with what is so', async (word, code, message, remedy) => {
  await expect(meaning(word)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    remedy: expect.stringMatching(remedy),
  })
})

test('digits that begin an id, and are no pid, mean the id; what begins two is ambiguous', async () => {
  const numbered = (pid: number, id: string) => ({ pid, cgroup: cgroup(id), mnt: pid, mountinfo: mounts(pid) })
  const ids = ['8'.repeat(64), `1234${'0'.repeat(60)}`, `1234${'1'.repeat(60)}`] as const
  const crowd = [...processes, ...ids.map((id, at) => numbered(101 + at, id))]
  const at = (word: string) => findTarget(lookoutAt({}, crowd), word)
  expect(await at('8')).toMatchObject({ pid: 8, container: { id: app } })
  expect(await at('8888')).toMatchObject({ pid: 101 })
  expect(await at('12340')).toMatchObject({ pid: 102 })
  expect(await at('103')).toMatchObject({ pid: 103, startTicks: 1103 })
  await expect(at('1234')).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(/102.*103/) })
})
