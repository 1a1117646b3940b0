import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A process that lives in a directory as in a container's root. */
export interface Jail extends AsyncDisposable {
  pid: number
  /** The directory that is its root, and one beside it, which it must not reach. */
  inside: string
  outside: string
}

const script = `
import ctypes, os, sys, time
libc = ctypes.CDLL(None)
os.chroot(sys.argv[1]); os.chdir("/")
if len(sys.argv) > 2: os.setgroups([]); os.setresgid(*[int(sys.argv[2])] * 3); os.setresuid(*[int(sys.argv[2])] * 3)
libc.prctl(4, 1, 0, 0, 0)
print("ready", flush=True)
time.sleep(3600)`

/** `uid`: whom it runs as; default root. */
export async function openJail({ uid }: { uid?: number } = {}): Promise<Jail> {
  const directory = mkdtempSync(join(tmpdir(), 'ditty-jail-'))
  const [inside, outside] = [join(directory, 'inside'), join(directory, 'outside')]
  for (const path of [inside, outside]) mkdirSync(path)
  const child = spawn('python3', ['-c', script.trim(), inside, ...(uid === undefined ? [] : [String(uid)])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    pid: child.pid!,
    inside,
    outside,
    async [Symbol.asyncDispose]() {
      await end(child)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
