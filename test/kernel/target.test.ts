import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { systemClock } from '../../server/core/context.ts'
import { linuxAt } from '../../server/linux/linux.ts'
import { isKernelThread, readPidStat } from '../../server/linux/procfs/pid-stat.ts'
import { findTarget } from '../../server/linux/target.ts'
import { asNobody, childrenOf, ditty, endAll, native, start, startProgram } from './own-processes.ts'

const linux = linuxAt('/')
const lookout = { linux, clock: systemClock, signal: new AbortController().signal }
const folder = mkdtempSync(join(tmpdir(), 'ditty-target-'))
afterEach(endAll)
afterAll(() => rmSync(folder, { recursive: true }))

/** A pid and mount namespace of its own: what a container is to the kernel. */
const apart = ['unshare', '--pid', '--mount-proc', '--fork', '--kill-child']

test('a process is meant by its pid, with when it started', async () => {
  const pid = await start('echo ready; exec sleep 300')
  const { startTicks } = readPidStat(linux, pid)
  expect(await findTarget(lookout, String(pid))).toMatchObject({ pid, startTicks })
})

test('of a namespace the first process is its pid 1, whichever of its pids is named in a list', async () => {
  const outer = await start('sleep 301 & echo ready; wait', ...apart)
  const [first] = childrenOf(outer)
  const [inner] = childrenOf(first!)
  const { pid, pids, container } = await findTarget(lookout, String(inner))
  expect({ pid, pids }).toEqual({ pid: inner, pids: [first, inner] })
  expect(container.kind).toBe('namespace')
  const listed = JSON.parse(ditty(['ps', '--target', String(first), '-o', 'pid', '--json']).stdout.split('\n')[1]!)
  expect(listed).toMatchObject({ pid: first })
})

test('a zombie, a thread, and one that is gone are told apart', async () => {
  const parent = await start('sleep 0.01 & echo ready; exec sleep 302')
  const [zombie] = childrenOf(parent)
  await expect.poll(() => readPidStat(linux, zombie!).state).toBe('Z')
  const said = (word: string) => ditty(['ps', '--target', word])
  expect(said(String(zombie))).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(`process ${zombie} has ended, and waits for its parent.*\n?.*its parent ${parent}`),
  })
  const { pid } = await startProgram([process.execPath, '-e', 'console.log("ready"); setTimeout(() => {}, 300_000)'])
  const thread = readdirSync(`/proc/${pid}/task`).find(task => task !== String(pid))!
  expect(said(thread).stderr).toMatch(`${thread} is a thread of process ${pid}`)
  const highest = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'))
  expect(said(String(highest)).stderr).toMatch(`no process, container name or id '${highest}'`)
})

const kernelThread = linux
  .list('/proc')
  .filter(name => /^\d+$/.test(name))
  .map(Number)
  .find(pid => isThreadOfKernel(pid))

function isThreadOfKernel(pid: number): boolean {
  try {
    return isKernelThread(readPidStat(linux, pid))
  } catch {
    return false
  }
}

test.runIf(kernelThread)('a thread of the kernel is in no container', () => {
  expect(ditty(['ps', '--target', String(kernelThread)]).stderr).toMatch(
    `process ${kernelThread} is a thread of the kernel`,
  )
})

test('what /proc hides is not taken for what is not there', async () => {
  const pid = await start('echo ready; exec sleep 303')
  const hiding = [
    'unshare',
    '--mount',
    'sh',
    '-c',
    'mount -t proc -o hidepid=1 proc /proc && exec "$@"',
    'sh',
    ...asNobody,
  ]
  const { status, stderr } = ditty(['ps', '--target', String(pid)], ...hiding)
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(`process ${pid} is there, but /proc hides it.*\n.*UID 0`),
  })
})

test('a name that looks like the rest of a line of /proc/PID/stat is a name', async () => {
  const odd = join(folder, 'a) Z 1 (b\n\x1b[5m')
  copyFileSync(native(['sh', '-c', 'command -v sleep']).stdout.trim(), odd)
  const { pid } = await startProgram(['sh', '-c', 'echo ready; exec "$0" 304', odd])
  await expect.poll(() => readPidStat(linux, pid).comm).toBe('a) Z 1 (b\n\x1b[5m')
  expect(await findTarget(lookout, String(pid))).toMatchObject({ pid })
  const { status, stdout } = ditty(['signal', 'TERM', readPidStat(linux, pid).comm])
  expect(status).toBe(0)
  expect(stdout).toContain(`${pid} a) Z 1 (b ?[5m: sent\n`)
  expect(stdout).not.toContain('\x1b')
})
