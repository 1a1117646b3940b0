import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchChromium, linesOf, openShell, printed, type, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit

/** 60×36 pixels: six rows of sixes in three colours. */
const sixel = `\x1bPq#0;2;90;30;25#1;2;30;75;40#2;2;30;50;90${[0, 1, 2, 0, 1, 2].map(colour => `#${colour}!60~-`).join('')}\x1b\\`

/** A PNG of 8×8 pixels of one colour, shown 10 cells wide. */
function png(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(8 + body.length)
    frame.writeUInt32BE(data.length)
    body.copy(frame, 4)
    frame.writeUInt32BE(crc32(body), 4 + body.length)
    return frame
  }
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0])
  const row = Buffer.from([0, ...Array.from({ length: 8 }, () => [90, 150, 220]).flat()])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: 8 }, () => row)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

const asIterm = (file: Buffer) => `\x1b]1337;File=inline=1;size=${file.length};width=10:${file.toString('base64')}\x07`
async function open() {
  visited = await openShell(browser, server.printedUrl)
  return visited.page
}

/** How many pixels of images are drawn. */
const drawn = (page: Page) =>
  page.locator('.xterm-image-layer').evaluateAll(layers =>
    layers.reduce((sum, layer) => {
      const canvas = layer as unknown as {
        width: number
        height: number
        getContext(id: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8Array } }
      }
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return sum + data.filter((value, index) => index % 4 === 3 && value > 0).length
    }, 0),
  )

const isDrawn = (page: Page, least: number) => expect.poll(() => drawn(page)).toBeGreaterThanOrEqual(least)

beforeAll(async () => {
  server = await startDitty(async home => {
    await writeFile(join(home, 'flag.six'), sixel)
    await writeFile(join(home, 'flag.iterm'), asIterm(png()))
    await writeFile(join(home, 'broken.iterm'), asIterm(png().fill(7, 40, 60)))
  })
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

test('the first sixel image is drawn, with the text before and after it in place; until then nothing is loaded', async () => {
  const page = await open()
  const loaded = () => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
  expect((await loaded()).filter(name => name.includes('image'))).toEqual([])
  await page.keyboard.insertText('echo before; cat flag.six; echo after')
  await page.keyboard.press('Enter')
  await printed(page, 'after')
  await isDrawn(page, 1_000)
  await page.screenshot({ path: `${artifacts}/images.png` })
  expect((await loaded()).filter(name => name.includes('addon-image')).length).toBe(1)
  const lines = await linesOf(page)
  expect(lines.indexOf('after') - lines.indexOf('before')).toBeGreaterThan(1)
})

test("iTerm's images are drawn, and a broken one leaves the shell as it was", async () => {
  const page = await open()
  await page.keyboard.insertText('cat broken.iterm; cat flag.iterm; echo after')
  await page.keyboard.press('Enter')
  await printed(page, 'after')
  await isDrawn(page, 1_000)
  expect(await type(page, 'echo afloat')).toEqual(['afloat'])
})

test('programs that ask are told of sixel and of the size of a cell', async () => {
  const page = await open()
  await type(page, String.raw`printf '\e[c'; read -rsd c first; printf '\e[16t'; read -rsd t second`)
  const [first, second] = await type(page, String.raw`printf '%s\n' "${'$'}{first//$'\e'/}" "${'$'}{second//$'\e'/}"`)
  expect(first).toBe('[?62;4;9;22')
  expect(second).toMatch(/^\[6;\d+;\d+$/)
})

test('a flood of images keeps no more than its limit, and the page alive', async () => {
  const page = await open()
  await writeFile(join(server.home, 'wide.six'), `\x1bPq#0;2;90;30;25${'#0!2000~-'.repeat(100)}\x1b\\`)
  const [megabytes, each] = [48, (2000 * 600 * 4) / 1e6]
  await page.keyboard.insertText('for i in {1..30}; do cat wide.six; done; echo over')
  await page.keyboard.press('Enter')
  await printed(page, 'over')
  const kept = await page.evaluate(() => {
    const addons = (ditty.terminal as unknown as { _addonManager: { _addons: { instance: object }[] } })._addonManager
    return addons._addons
      .map(({ instance }) => (instance as { storageUsage?: number }).storageUsage)
      .find(usage => usage !== undefined)
  })
  expect(kept).toBeGreaterThan(megabytes / 2)
  expect(kept).toBeLessThan(megabytes + each)
  expect(await type(page, 'echo afloat')).toEqual(['afloat'])
})
