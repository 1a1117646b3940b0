import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { makeFuseDevice } from './fuse/silent-fuse.ts'

const home = join(import.meta.dirname, '../../server/main/enter/home.ts')
const linux = join(import.meta.dirname, '../../server/linux/linux.ts')

/** In a process of its own, which a file system that never answers would hold. */
async function homeIn(pid: number): Promise<string> {
  const script = `const { homeIn } = await import(${JSON.stringify(home)})
    const { linuxAt } = await import(${JSON.stringify(linux)})
    process.stdout.write(homeIn(linuxAt('/'), ${pid}))`
  const words = ['--input-type=module', '--eval', script]
  return (await promisify(execFile)(process.execPath, words, { timeout: 30_000, killSignal: 'SIGKILL' })).stdout
}

/** A process with a mount namespace of its own, once it says so. */
async function apart(...words: string[]): Promise<number> {
  const child = spawn('unshare', ['--mount', '--propagation', 'private', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  expect(line).toBe('ready')
  return child.pid!
}

test('a home on a file system that may never answer is not looked at, and not taken', async () => {
  makeFuseDevice()
  const server = join(import.meta.dirname, 'fuse/server.ts')
  expect(await homeIn(await apart(process.execPath, server, '/root', '-1'))).toBe('/')
})

test('a home on a file system of this kernel is taken', async () => {
  const script = 'mount -t tmpfs home /root && echo ready && exec sleep 1000'
  expect(await homeIn(await apart('sh', '-c', script))).toBe('/root')
  expect(await homeIn(process.pid)).toBe('/root')
})
