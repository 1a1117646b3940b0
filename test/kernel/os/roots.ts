import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'

const running: ChildProcess[] = []

/** Ends what was started, and what that started. */
export async function endAll(): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'close')
    process.kill(-child.pid!, 'SIGKILL')
    await ended
  }
}

/** A process, in a group of its own, that is what its words say once this returns: spawn comes back behind the exec of the first. */
export async function start(words: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(words[0]!, words.slice(1), { stdio: ['pipe', 'ignore', 'inherit'], env, detached: true })
  running.push(child)
  await once(child, 'spawn')
  return String(child.pid)
}

/** The same in a root of its own: `chroot` has become the program once the link of its executable says so. */
export async function startIn(root: string, words: string[], env: Record<string, string> = {}, flags: string[] = []) {
  const pid = await start(['/usr/sbin/chroot', ...flags, root, ...words], env)
  await vi.waitUntil(() => !readlinkSync(`/proc/${pid}/exe`).includes('chroot'), { timeout: 20_000 })
  return pid
}

/** A file of a tree that is a copy of the static busybox. */
export const busybox = 'copy /bin/busybox'

/** Files by their paths: `-> PATH` is a link, `copy PATH` a copy with its mode, anything else the content. */
export function makeTreeIn(root: string, files: Record<string, string>): string {
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path)
    mkdirSync(join(full, '..'), { recursive: true })
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), full)
    else if (content.startsWith('copy ')) copyFileSync(content.slice(5), full)
    else writeFileSync(full, content)
  }
  return root
}
