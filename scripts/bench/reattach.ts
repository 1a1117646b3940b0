import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerFrame } from '../../server/protocol/terminal-frames.ts'
import { type Arena, median, p99 } from './contest.ts'
import { Server } from './ditty.ts'
import { PageUnderMeasure } from './page.ts'
import { writeText } from './texts.ts'
import { createSession, DittyStream, endSession, printing, shell } from './wire.ts'

const end = 'END-OF-THE-LOG'
/** What the page keeps above the screen. */
const scrollback = 2_000
const screenMs = 50
const scrollbackMs = 150

/** Coming back to a session that has printed some 5,000 coloured lines: over the WebSocket, and in Chromium. */
export async function reattach(): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'ditty-bench-'))
  const server = await Server.start()
  const id = await createSession(server.port, shell)
  const page = await PageUnderMeasure.launch()
  await page.openDitty(server.port, id)
  await page.shows('ready')
  const nextOffset = await printLog(page, server, writeText(folder, 'coloured', 1))
  const common = { unit: 'ms', better: 'less', peers: {} } as const
  const line = (name: string, rounds: number, ours: () => Promise<number>, ...limit: number[]) => ({
    ...common,
    name: `reattach, ${name}`,
    rounds,
    ours,
    figures: [median(...limit.map(absolute => ({ absolute }))), p99()],
  })
  return {
    contests: [
      line('first screen and all of it', 40, () => toOffset(server.port, id, nextOffset), screenMs),
      line('Chromium, screen', 20, async () => (await page.reload(end, 0)).sinceDial, screenMs),
      line('Chromium, scrollback', 20, async () => (await page.reload(end, scrollback)).sinceDial, scrollbackMs),
      line('Chromium, whole page load', 20, async () => (await page.reload(end, scrollback)).sinceStart),
      line('Chromium, a key pressed in a cut', 20, () => typedInCut(page), screenMs),
    ],
    async [Symbol.asyncDispose]() {
      await page[Symbol.asyncDispose]()
      await endSession(server.port, id)
      await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Prints the file in the page, at whose size all is kept then, and gives the offset at which the output ends. */
async function printLog(page: PageUnderMeasure, server: Server, file: string): Promise<number> {
  await page.type(`cat ${file}; ${printing(end)}`)
  await page.drawnAfter('Enter', end)
  const { terminals } = await server.json<{ terminals: { nextOffset: number }[] }>('/api/v1/terminals')
  return terminals[0]!.nextOffset
}

let cuts = 0

/** From a key that meets a dead connection until its echo, which came over a new one, is drawn. */
async function typedInCut(page: PageUnderMeasure): Promise<number> {
  const text = `BACK-${++cuts}`
  await page.type(`echo; ${printing(text)}`)
  await page.cutAtNextKey()
  return page.drawnAfter('Enter', text)
}

/** From the start of a new connection until output before `offset` was received, in a snapshot or as it was. */
async function toOffset(port: number, id: string, offset: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const started = performance.now()
  const stream = new DittyStream(port, id, frame => reachedBy(frame) >= offset && resolve(performance.now() - started))
  const time = await promise
  stream.close()
  return time
}

function reachedBy(frame: ServerFrame): number {
  if (frame.type === 'snapshot') return frame.offset
  return frame.type === 'output' ? frame.offset + frame.bytes.length : 0
}
