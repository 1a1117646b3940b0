import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type Arena, median } from './contest.ts'
import { Server } from './ditty.ts'
import { elapsed, execTime } from './timing.ts'

/** Connections; each is two sockets. */
const connections = 5000
const path = '/api/v1/tools/ports?protocol=tcp'

/** A list of 10,000 TCP sockets with their owners, from a warm server and from ss. */
export async function ports(): Promise<Arena> {
  const server = await Server.start()
  const holder = fork(new URL('./socket-holder.ts', import.meta.url), [String(connections)])
  await once(holder, 'message')
  await server.warm(path)
  return {
    contests: [
      {
        name: `ports, ${connections * 2} sockets, warm server`,
        unit: 'ms',
        better: 'less',
        rounds: 15,
        ours: () => elapsed(() => server.bytes(path)),
        peers: { 'ss -tanp': async () => execTime(['/usr/bin/ss', '-tanp']) },
        figures: [median({ ratio: 0.9 })],
      },
    ],
    async [Symbol.asyncDispose]() {
      holder.kill()
      await server[Symbol.asyncDispose]()
    },
  }
}
