import { untilOk } from '../probe.ts'
import type { Arena, Contest } from './contest.ts'
import { dittyCommand, node, Server } from './ditty.ts'
import { elapsed, execTime } from './timing.ts'

const bareNode = { 'node -e 0': async () => execTime([node, '-e', '0']) }

const applets: Record<string, string[]> = {
  'ping -c1 127.0.0.1': ['ping', '-c', '1', '127.0.0.1'],
  'ss -tln': ['ss', '-tln'],
  'ps aux': ['ps', 'aux'],
  'dig --help': ['dig', '--help'],
  'curl --help': ['curl', '--help'],
}

/** How long until something is there: the server, and each applet, beside a Node that does nothing. */
export async function start(): Promise<Arena> {
  const ready = (path: string): Contest => ({
    name: `exec to first 200 on ${path}`,
    unit: 'ms',
    better: 'less',
    rounds: 15,
    ours: () => firstAnswer(path),
    peers: bareNode,
    goal: { ratio: 3 },
  })
  const applet = ([name, words]: [string, string[]]): Contest => ({
    name: `applet: ${name}`,
    unit: 'ms',
    better: 'less',
    rounds: 15,
    ours: async () => execTime(dittyCommand(...words)),
    peers: bareNode,
    goal: { ratio: 2 },
  })
  return {
    contests: [ready('/healthz'), ready('/readyz'), ...Object.entries(applets).map(applet)],
    async [Symbol.asyncDispose]() {},
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
