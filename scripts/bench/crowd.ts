import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

/** So many sleeping processes, once each has become what it is, until they are disposed of. */
export async function gatherCrowd(count: number): Promise<Disposable> {
  const script = `for i in $(seq ${count}); do sleep 1000 & done; wait`
  const { pid = 0 } = spawn('/bin/sh', ['-c', script], { stdio: 'ignore', detached: true })
  const arrived = () => Number(spawnSync('/usr/bin/pgrep', ['-c', '-x', '-g', String(pid), 'sleep']).stdout)
  while (arrived() < count) await delay(100)
  return { [Symbol.dispose]: () => process.kill(-pid, 'SIGKILL') }
}
