import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { checked, openLibc } from '../../../server/linux/libc.ts'

/** A FUSE file system of the tests' own, mounted until it is disposed of. */
export interface SilentFuse extends AsyncDisposable {
  mountPoint: string
  server: ChildProcess
}

/**
 * Mounts a file system that says yes to being mounted and never answers anything else, or, with `answerAfterMs`, is an empty
 * directory which answers so late. Whoever waits for it is woken with ENOTCONN at its end. Needs root.
 */
export async function mountSilentFuse(mountPoint: string, answerAfterMs?: number): Promise<SilentFuse> {
  makeFuseDevice()
  const words = [join(import.meta.dirname, 'server.ts'), mountPoint, String(answerAfterMs ?? -1)]
  const server = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await Promise.race([
    once(createInterface({ input: server.stdout }), 'line'),
    once(server, 'exit').then(() => ['']),
  ])
  if (line !== 'ready') throw new Error(`no FUSE file system could be mounted on ${mountPoint}`)
  return {
    mountPoint,
    server,
    async [Symbol.asyncDispose]() {
      await unmount(mountPoint)
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    },
  }
}

/** Where no udev made it. */
export function makeFuseDevice(): void {
  if (!existsSync('/dev/fuse')) execFileSync('mknod', ['/dev/fuse', 'c', '10', '229'])
}

const MNT_DETACH = 2
const UMOUNT_NOFOLLOW = 8

/** By the call itself: umount(8) looks at the mount point first, and would wait. */
async function unmount(mountPoint: string): Promise<void> {
  const libc = await openLibc()
  const call = libc.func<(path: string, flags: number) => number>('int umount2(const char *path, int flags)')
  checked(libc, 'umount2', call(mountPoint, MNT_DETACH | UMOUNT_NOFOLLOW))
}
