import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, openShell, prompt, sizeOf, type, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit

/** There is no GPU here, so the choice is made for it. */
async function open(renderer = 'webgl') {
  visited = await openShell(browser, server.printedUrl)
  const { page } = visited
  await page.evaluate(text => localStorage.setItem('ditty.settings', text), JSON.stringify({ renderer }))
  await page.reload()
  await prompt(page)
  return page
}

const canvases = (page: Page) => page.locator('.xterm-screen > canvas:not(.xterm-link-layer)')
const hasWebgl = (page: Page, count: number) => expect.poll(() => canvases(page).count()).toBe(count)

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

test('without a graphics card the DOM draws', async () => {
  const page = await open('auto')
  expect(await canvases(page).count()).toBe(0)
  await page.locator('.xterm-rows').waitFor()
})

test('when the browser takes WebGL away, the DOM takes over at once, with the same text and size', async () => {
  const page = await open()
  await hasWebgl(page, 1)
  await type(page, 'echo still afloat 你好')
  await page.screenshot({ path: `${artifacts}/renderer-webgl.png` })
  await canvases(page).evaluateAll(canvases => {
    for (const canvas of canvases)
      (canvas as unknown as WebGlCanvas).getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()
  })
  await page.locator('.xterm-rows', { hasText: 'still afloat' }).waitFor({ timeout: 1500 })
  expect(await canvases(page).count()).toBe(0)
  expect(await type(page, 'stty size')).toEqual([await sizeOf(page)])
})

interface WebGlCanvas {
  getContext(id: 'webgl2'): { getExtension(name: string): { loseContext(): void } }
}

describe('with many terminals', () => {
  test('only those that are seen hold a context, and no more than eight', async () => {
    const page = await open()
    await hasWebgl(page, 1)
    await page.keyboard.press('Alt+Shift+N')
    await prompt(page)
    await hasWebgl(page, 1)
    for (let panes = 2; panes <= 10; panes++) {
      await page.keyboard.press(panes % 2 === 0 ? 'Alt+Shift+R' : 'Alt+Shift+D')
      await hasWebgl(page, Math.min(panes, 8))
      await expect.poll(() => page.locator('.pane:visible').count()).toBe(panes)
    }
    await page.locator('.pane:visible .xterm-screen').first().click()
    await page.keyboard.press('Alt+Shift+W')
    await expect.poll(() => page.locator('.pane:visible').count()).toBe(9)
    await hasWebgl(page, 8)
    await page.keyboard.press('Alt+Shift+PageUp')
    await hasWebgl(page, 1)
    expect(await type(page, 'echo first')).toEqual(['first'])
  })

  test('a change of the setting holds at once', async () => {
    const page = await open('dom')
    expect(await canvases(page).count()).toBe(0)
    const other = await page.context().newPage()
    await other.goto(`${new URL(server.printedUrl).origin}/healthz`)
    await other.evaluate(text => localStorage.setItem('ditty.settings', text), JSON.stringify({ renderer: 'webgl' }))
    await hasWebgl(page, 1)
    await other.evaluate(text => localStorage.setItem('ditty.settings', text), JSON.stringify({ renderer: 'dom' }))
    await hasWebgl(page, 0)
    expect(await type(page, 'echo same')).toEqual(['same'])
  })
})
