import { type Arena, median } from './contest.ts'
import { gatherCrowd } from './crowd.ts'
import { Server } from './ditty.ts'
import { elapsed, execTime } from './timing.ts'

const count = 2000
const path = '/api/v1/tools/ps'

/** A list of 2,000 processes, from a warm server and from procps. */
export async function ps(): Promise<Arena> {
  const server = await Server.start()
  const crowd = await gatherCrowd(count)
  await server.warm(path)
  return {
    contests: [
      {
        name: `ps, ${count} processes, warm server`,
        unit: 'ms',
        better: 'less',
        rounds: 15,
        ours: () => elapsed(() => server.bytes(path)),
        peers: { 'ps aux': async () => execTime(['/usr/bin/ps', 'aux']) },
        figures: [median({ ratio: 0.8 })],
      },
    ],
    async [Symbol.asyncDispose]() {
      crowd[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
