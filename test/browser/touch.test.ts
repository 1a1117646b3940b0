import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, openShell, printed, type, until, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'
import { Reader } from './reader.ts'

let server: Ditty
let browser: Browser
let visited: Visit

const phone = { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }

async function open(options = {}) {
  visited = await openShell(browser, server.printedUrl, { ...phone, ...options })
  return visited.page
}

const key = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Keys' }).getByRole('button', { name, exact: true })

/** A finger that moves, and leaves at once. */
async function flick(page: Page, fromY: number, toY: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 180, y }] })
  await touch('touchStart', fromY)
  for (let step = 1; step <= 6; step++) await touch('touchMove', fromY + ((toY - fromY) * step) / 6)
  await touch('touchEnd')
}

const above = (page: Page) =>
  page.evaluate(() => ditty.terminal.buffer.active.baseY - ditty.terminal.buffer.active.viewportY)

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

describe('the key bar', () => {
  test('types the keys that a phone lacks; Ctrl and Alt hold for one key, and a double tap locks', async () => {
    const page = await open()
    const reader = await Reader.start(page, server.home)
    for (const name of ['Escape', 'Tab', 'ArrowUp', 'ArrowLeft', '|', '/', '-', '~', 'Home', 'End'])
      await key(page, name).tap()
    expect(await reader.take()).toBe('\x1b\t\x1b[A\x1b[D|/-~\x1b[H\x1b[F')
    await key(page, 'Control').tap()
    await page.keyboard.insertText('c')
    await page.keyboard.insertText('c')
    expect(await reader.take()).toBe('\x03c')
    await key(page, 'Alt').tap()
    await key(page, 'ArrowLeft').tap()
    await key(page, 'ArrowLeft').tap()
    expect(await reader.take()).toBe('\x1b[1;3D\x1b[D')
    await key(page, 'Control').dblclick()
    await page.screenshot({ path: `${artifacts}/phone-keys.png` })
    await page.keyboard.insertText('a')
    await page.keyboard.insertText('e')
    await page.waitForTimeout(500)
    await key(page, 'Control').tap()
    await page.keyboard.insertText('e')
    expect(await reader.take()).toBe('\x01\x05e')
  })

  test('is not there for a mouse', async () => {
    const page = await open({ hasTouch: false, isMobile: false })
    expect(await page.getByRole('toolbar', { name: 'Keys' }).isVisible()).toBe(false)
  })

  test('leaves the keyboard of the screen up, and the prompt above both', async () => {
    const page = await open()
    await type(page, 'seq 80')
    await key(page, '-').tap()
    expect(await page.evaluate('document.activeElement.className')).toContain('xterm-helper-textarea')
    const before = await page.evaluate(() => ditty.terminal.rows)
    await page.setViewportSize({ width: 390, height: 400 })
    await until(page, before => ditty.terminal.rows < before, before)
    const bar = await page.getByRole('toolbar', { name: 'Keys' }).boundingBox()
    const screen = await page.locator('.xterm-screen').boundingBox()
    expect(screen!.y + screen!.height).toBeLessThanOrEqual(bar!.y)
    expect(bar!.y + bar!.height).toBeLessThan(400)
    expect(await above(page)).toBe(0)
    await page.screenshot({ path: `${artifacts}/phone-keyboard.png` })
  })
})

describe('a finger', () => {
  test('scrolls through what scrolled away, glides on after a flick, and stops at a touch', async () => {
    const page = await open()
    await page.keyboard.insertText('seq 1000; echo over')
    await page.keyboard.press('Enter')
    await printed(page, 'over')
    await flick(page, 200, 380)
    const atEnd = await above(page)
    expect(atEnd).toBeGreaterThan(5)
    await until(
      page,
      atEnd => ditty.terminal.buffer.active.baseY - ditty.terminal.buffer.active.viewportY > atEnd + 5,
      atEnd,
    )
    await flick(page, 300, 301)
    await page.waitForTimeout(100)
    const stopped = await above(page)
    await page.waitForTimeout(200)
    expect(Math.abs((await above(page)) - stopped)).toBeLessThanOrEqual(1)
    await page.keyboard.insertText('x')
    await until(page, () => ditty.terminal.buffer.active.viewportY === ditty.terminal.buffer.active.baseY, undefined)
  })

  test('turns the pages of a pager', async () => {
    const page = await open()
    const reader = await Reader.start(page, server.home, String.raw`printf '\e[?1049h'`)
    await flick(page, 400, 250)
    await page.waitForTimeout(100)
    expect(await reader.take()).toMatch(/^(\x1b[[O]B){4,}/)
  })
})
