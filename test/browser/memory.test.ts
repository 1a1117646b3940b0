import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchChromium, openShell, prompt, type, type Visit } from './chromium.ts'
import { type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit

beforeAll(async () => {
  server = await startDitty()
  browser = await launchChromium()
})

afterEach(async () => {
  expect(visited.faults).toEqual([])
  await visited.page.context().close()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** What the page's script still holds, and the bytes of its buffers, which don't count as heap. */
async function heldBytes(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize = 0 } = (await devtools.send('Runtime.getHeapUsage')) as {
    usedSize: number
    backingStorageSize?: number
  }
  return usedSize + backingStorageSize
}

test('a page that a flood runs through holds no more of it than its scrollback', { timeout: 120_000 }, async () => {
  visited = await openShell(browser, server.printedUrl)
  const { page } = visited
  const devtools = await page.context().newCDPSession(page)
  const line = 'a line as long as most lines of a log are, with something at its end'
  await type(page, `yes '${line}' | head -20000`)
  const before = await heldBytes(devtools)
  await page.keyboard.insertText(`yes '${line}'`)
  await page.keyboard.press('Enter')
  const held: number[] = []
  for (let look = 0; look < 6; look++) {
    await delay(2000)
    held.push(await heldBytes(devtools))
  }
  await page.keyboard.press('Control+c')
  await prompt(page)
  held.push(await heldBytes(devtools))
  const mebibytes = held.map(bytes => Math.round((bytes - before) / (1 << 20)))
  // What is under way: the window of 1 MiB, as bytes and as what the emulator makes of them.
  expect(Math.max(...mebibytes), `MiB more than before: ${mebibytes}`).toBeLessThan(12)
  expect(mebibytes.at(-1)).toBeLessThan(4)
})
