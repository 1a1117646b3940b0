import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { type Arena, type Measure, median, p99 } from './contest.ts'
import { Server } from './ditty.ts'
import { Ttyd } from './ttyd.ts'
import { openDitty, openTtyd, run, shell, type Wire } from './wire.ts'

/** Keys of one round; with the rounds some thousands. */
const keys = 400
const rounds = 6

/** From a key to its echo over the WebSocket: `cat` on a raw terminal answers, so a program is woken as a shell would be. */
export async function echo(): Promise<Arena> {
  const server = await Server.start()
  const ttyd = await Ttyd.start(shell)
  const ours = () => echoTimes(openDitty(server.port))
  const theirs = () => echoTimes(openTtyd(ttyd.port))
  const common = { unit: 'ms', better: 'less', rounds } as const
  return {
    contests: [
      { ...common, name: 'echo, idle', ours, peers: { ttyd: theirs }, figures: [median(), p99()] },
      {
        ...common,
        name: 'echo, yes in another tab',
        ours: flooded('ditty', server.port, ours),
        peers: { 'ttyd idle': theirs, ttyd: flooded('ttyd', ttyd.port, theirs) },
        figures: [median(), p99({ ratio: 3, to: 'ttyd idle' })],
      },
    ],
    async [Symbol.asyncDispose]() {
      await ttyd[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

function flooded(kind: 'ditty' | 'ttyd', port: number, measure: Measure): Measure {
  return async () => {
    const viewer = fork(new URL('./flood-viewer.ts', import.meta.url), [kind, String(port)])
    await once(viewer, 'message')
    try {
      return await measure()
    } finally {
      viewer.kill()
      await once(viewer, 'exit')
    }
  }
}

async function echoTimes(opening: Promise<Wire>): Promise<number[]> {
  await using wire = await opening
  await run(wire, 'stty raw; printf raw; exec cat', 'raw')
  const times: number[] = []
  for (let key = 0; key < keys; key++) {
    // Out of step with any timer of the server.
    await delay(1 + Math.random() * 4)
    times.push(await echoTime(wire))
  }
  return times
}

async function echoTime(wire: Wire): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const started = performance.now()
  wire.onOutput = () => resolve(performance.now() - started)
  wire.input('x')
  return promise
}
