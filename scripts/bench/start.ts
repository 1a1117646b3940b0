import { untilOk } from '../probe.ts'
import { type Arena, type Contest, median } from './contest.ts'
import { dittyCommand, node, Server } from './ditty.ts'
import { elapsed, execTime } from './timing.ts'

const bareNode = { 'node -e 0': async () => execTime([node, '-e', '0']) }

/** Words that do their work, each with the exit status that is right for it here. */
const applets = (server: Server): { words: string[]; status: number }[] => [
  { words: ['ping', '-c', '1', '127.0.0.1'], status: 0 },
  { words: ['ss', '-tln'], status: 0 },
  { words: ['ps', 'aux'], status: 0 },
  // Nothing listens on port 9, so the answer is a refusal, at once.
  { words: ['dig', '@127.0.0.1', '-p', '9', '+tries=1', 'localhost'], status: 9 },
  { words: ['curl', '-s', server.url('/healthz')], status: 0 },
]

/** How long until something is there: the server, and each applet, beside a Node that does nothing. */
export async function start(): Promise<Arena> {
  const ready = (path: string): Contest => ({
    name: `exec to first 200 on ${path}`,
    unit: 'ms',
    better: 'less',
    rounds: 15,
    ours: () => firstAnswer(path),
    peers: bareNode,
    figures: [median({ ratio: 3 })],
  })
  const applet = ({ words, status }: { words: string[]; status: number }): Contest => ({
    name: `applet: ${words.join(' ')}`.slice(0, 34),
    unit: 'ms',
    better: 'less',
    rounds: 15,
    ours: async () => execTime(dittyCommand(...words), [status]),
    peers: bareNode,
    figures: [median({ ratio: 2 })],
  })
  const server = await Server.start()
  return {
    contests: [ready('/healthz'), ready('/readyz'), ...applets(server).map(applet)],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function firstAnswer(path: string): Promise<number> {
  let server: Server | undefined
  const time = await elapsed(async () => {
    server = await Server.spawn()
    await untilOk(server.url(path))
  })
  await server?.[Symbol.asyncDispose]()
  return time
}
