import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Arena, type Contest, type Goal, median, p99 } from './contest.ts'
import { Server } from './ditty.ts'
import { PageUnderMeasure } from './page.ts'
import { type Text, writeText } from './texts.ts'
import { Ttyd } from './ttyd.ts'
import { createSession, endSession, printing, shell } from './wire.ts'

const megabytes = 10
const end = 'END-OF-THE-FLOOD'
const quietMs = 250

/** Shows a page with a new shell in it, and hands it over until `work` is done. */
type Visit = <Answer>(work: () => Promise<Answer>) => Promise<Answer>

/**
 * ditty's page and ttyd's own, in turn in one Chromium with a window of 1000 × 620. Without a GPU ttyd as it comes draws with WebGL
 * on the processor, so it is also told to use the DOM.
 */
export async function browser(): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'ditty-bench-'))
  const server = await Server.start()
  const ttyd = await Ttyd.start(shell)
  const page = await PageUnderMeasure.launch()
  const visits = {
    ours: visitDitty(page, server.port),
    ttyd: visitTtyd(page, ttyd.port),
    ttydDom: visitTtyd(page, ttyd.port, '?rendererType=dom'),
  }
  const flood = (text: Text, ...goals: Goal[]): Contest => {
    const file = writeText(folder, text, megabytes)
    return {
      name: `Chromium, ${megabytes} MB ${text}, last line`,
      unit: 'ms',
      better: 'less',
      rounds: 3,
      ours: () => visits.ours(() => lastLine(page, file)),
      peers: {
        ttyd: () => visits.ttyd(() => lastLine(page, file)),
        'ttyd dom': () => visits.ttydDom(() => lastLine(page, file)),
      },
      figures: [median(...goals)],
    }
  }
  return {
    contests: [
      flood('plain', { ratio: 1 }, { ratio: 1, to: 'ttyd dom' }),
      flood('coloured'),
      flood('redrawn'),
      {
        name: 'Chromium, Ctrl-C under yes',
        unit: 'ms',
        better: 'less',
        rounds: 4,
        ours: () => visits.ours(() => interrupts(page)),
        peers: {
          ttyd: () => visits.ttyd(() => interrupts(page)),
          'ttyd dom': () => visits.ttydDom(() => interrupts(page)),
        },
        figures: [median(), p99({ absolute: quietMs })],
      },
    ],
    async [Symbol.asyncDispose]() {
      await page[Symbol.asyncDispose]()
      await ttyd[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

function visitDitty(page: PageUnderMeasure, port: number): Visit {
  return async work => {
    const id = await createSession(port, shell)
    await page.openDitty(port, id)
    await page.shows('ready')
    const answer = await work()
    await page.close()
    await endSession(port, id)
    return answer
  }
}

function visitTtyd(page: PageUnderMeasure, port: number, query = ''): Visit {
  return async work => {
    await page.openTtyd(port, query)
    await page.shows('ready')
    const answer = await work()
    await page.close()
    return answer
  }
}

async function lastLine(page: PageUnderMeasure, file: string): Promise<number> {
  await page.type(`cat ${file}; ${printing(end)}`)
  return page.drawnAfter('Enter', end)
}

/** Ten floods, each stopped after a while that is never the same. */
async function interrupts(page: PageUnderMeasure): Promise<number[]> {
  const times: number[] = []
  for (let count = 0; count < 10; count++) {
    await page.type('yes')
    await page.page.keyboard.press('Enter')
    await delay(400 + Math.random() * 200)
    times.push(await page.quietAfter('Control+c'))
  }
  return times
}
