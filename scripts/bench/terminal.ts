import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Arena, type Contest, type Goal, median } from './contest.ts'
import { Server } from './ditty.ts'
import { type Text, writeText } from './texts.ts'
import { elapsed } from './timing.ts'
import { Ttyd } from './ttyd.ts'
import { openDitty, openTtyd, printing, run, shell, type Wire } from './wire.ts'

const megabytes = 60
const end = 'END-OF-THE-FLOOD'

/** 60 MB through the WebSocket to a client that only counts, beside ttyd and a program that reads a PTY. */
export async function terminal(): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'ditty-bench-'))
  const server = await Server.start()
  const ttyd = await Ttyd.start(shell)
  const contest = (text: Text, ...goals: Goal[]): Contest => {
    const file = writeText(folder, text, megabytes)
    return {
      name: `terminal, ${megabytes} MB ${text}`,
      unit: 'MB/s',
      better: 'more',
      rounds: 7,
      ours: () => rate(openDitty(server.port), file),
      peers: { ttyd: () => rate(openTtyd(ttyd.port), file), script: () => rawRate(file) },
      figures: [median(...goals)],
    }
  }
  return {
    contests: [
      contest('plain', { ratio: 1 }, { ratio: 0.85, to: 'script' }),
      contest('coloured', { ratio: 0.6 }),
      contest('redrawn', { ratio: 0.6 }),
    ],
    async [Symbol.asyncDispose]() {
      await ttyd[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const rateOf = (ms: number) => (megabytes * 1000) / ms

async function rate(opening: Promise<Wire>, file: string): Promise<number> {
  await using wire = await opening
  return rateOf(await elapsed(() => run(wire, `cat ${file}; ${printing(end)}`, end)))
}

/**
 * A raw PTY read: script(1) of util-linux copies a PTY to its standard output, here /dev/null. A C program that does nothing but
 * read(2) into 1 MiB was slower (99 against 114 MB/s, two cores): script polls first, and the kernel has more to hand over then.
 */
async function rawRate(file: string): Promise<number> {
  const time = await elapsed(async () => {
    const child = spawn('script', ['-qc', `cat ${file}`, '/dev/null'], { stdio: ['ignore', 'ignore', 'ignore'] })
    await once(child, 'exit')
  })
  return rateOf(time)
}
