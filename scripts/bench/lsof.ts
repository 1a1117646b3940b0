import { spawn } from 'node:child_process'
import { type Arena, median } from './contest.ts'
import { Server } from './ditty.ts'
import { elapsed, execTime } from './timing.ts'

const count = 2000
const path = '/api/v1/tools/openfiles'

/** Every open file of 2,000 processes, from a warm server and from lsof. */
export async function lsof(): Promise<Arena> {
  const server = await Server.start()
  const script = `for i in $(seq ${count}); do sleep 1000 & done; wait`
  const crowd = spawn('/bin/sh', ['-c', script], { stdio: 'ignore', detached: true })
  await new Promise(resolve => setTimeout(resolve, 4000))
  await server.warm(path)
  return {
    contests: [
      {
        name: `lsof, ${count} processes, warm server`,
        unit: 'ms',
        better: 'less',
        rounds: 15,
        ours: () => elapsed(() => server.bytes(path)),
        peers: { 'lsof -n -P': async () => execTime(['/usr/bin/lsof', '-n', '-P'], [0, 1]) },
        figures: [median({ ratio: 1.1 })],
      },
    ],
    async [Symbol.asyncDispose]() {
      process.kill(-crowd.pid!, 'SIGKILL')
      await server[Symbol.asyncDispose]()
    },
  }
}
