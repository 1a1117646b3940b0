import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, openShell, prompt, type, until, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function open(options?: Parameters<typeof openShell>[2]): Promise<Page> {
  visited = await openShell(browser, server.printedUrl, options)
  return visited.page
}

const count = (page: Page) => page.locator('.search .count')
const counts = (page: Page, text: string) =>
  count(page)
    .filter({ hasText: new RegExp(`^${text}$`) })
    .waitFor()
const selection = (page: Page) => page.evaluate(() => ditty.terminal.getSelectionPosition()?.start.y)

beforeAll(async () => {
  await mkdir(artifacts, { recursive: true })
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

describe('search', () => {
  test('finds in the scrollback, counts, goes from match to match, and Escape goes back to the shell', async () => {
    const page = await open()
    await type(page, 'for i in {1..200}; do echo "line $i"; done')
    await page.keyboard.press('Control+Shift+F')
    await page.getByRole('textbox', { name: 'Find' }).fill('line 19')
    await counts(page, '11 of 11')
    const last = await selection(page)
    await page.keyboard.press('Enter')
    await counts(page, '10 of 11')
    expect(await selection(page)).toBe(last! - 1)
    await page.keyboard.press('Shift+Enter')
    await counts(page, '11 of 11')
    await page.keyboard.press('Escape')
    expect(await page.locator('.search').isVisible()).toBe(false)
    expect(await type(page, 'echo back')).toEqual(['back'])
  })

  test('by case, whole words and patterns; a pattern that is none is said to be', async () => {
    const page = await open()
    await type(page, "PS1='$ '; clear; printf 'Anchor anchor\\nanchors ANCHOR\\n'")
    await page.keyboard.press('Control+Shift+F')
    const field = page.getByRole('textbox', { name: 'Find' })
    await field.fill('anchor')
    await counts(page, '4 of 4')
    await page.getByRole('button', { name: 'Match case' }).click()
    await counts(page, '2 of 2')
    await page.getByRole('button', { name: 'Whole word' }).click()
    await counts(page, '1 of 1')
    await page.getByRole('button', { name: 'Whole word' }).click()
    await page.getByRole('button', { name: 'Regular expression' }).click()
    await field.fill('[aA]nchors?')
    await counts(page, '3 of 3')
    await field.fill('anchor(')
    await counts(page, 'No pattern: Unterminated group')
    await field.fill('x*')
    await counts(page, 'Would match nothing at all')
    await field.fill('galleon')
    await counts(page, 'none')
  })
})

describe('settings', () => {
  const set = async (page: Page, label: string, value: string) => {
    await page.getByRole('combobox', { name: label }).selectOption(value)
  }
  const openSettings = async (page: Page) => {
    await page.keyboard.press('Alt+Shift+M')
    await page.getByRole('option', { name: 'Settings…' }).click()
  }

  test('reach every terminal at once, and the next visit', async () => {
    const page = await open()
    await page.keyboard.press('Alt+Shift+R')
    await until(page, () => document.querySelectorAll('.pane .xterm').length === 2, undefined)
    await openSettings(page)
    await set(page, 'Letters', '20')
    await set(page, 'Cursor', 'bar')
    await set(page, 'Lines kept above the screen', '10000')
    await page.getByRole('switch', { name: 'Cursor blinks' }).check()
    await page.keyboard.press('Escape')
    const sizes = page.locator('.xterm-rows')
    expect(
      await sizes.evaluateAll(rows => rows.map(row => getComputedStyle(row as unknown as Element).fontSize)),
    ).toEqual(['20px', '20px'])
    const chosen = { cursorStyle: 'bar', cursorBlink: true, fontSize: 20, scrollback: 10_000 }
    const read = () =>
      page.evaluate(() => {
        const { cursorStyle, cursorBlink, fontSize, scrollback } = ditty.terminal.options
        return { cursorStyle, cursorBlink, fontSize, scrollback }
      })
    expect(await read()).toEqual(chosen)
    await page.reload()
    await prompt(page)
    expect(await read()).toEqual(chosen)
    await page.keyboard.press('Control+Shift+<')
    expect((await read()).fontSize).toBe(18)
  })

  test.each([
    ['night watch', 'dark', 'light', '#0e1621', 'rgb(14, 22, 33)'],
    ['chart paper', 'light', 'dark', '#faf6ec', 'rgb(250, 246, 236)'],
  ] as const)('%s holds against a system that is otherwise', async (_name, theme, system, background, page_) => {
    const page = await open({ colorScheme: system })
    await openSettings(page)
    await set(page, 'Colours', theme)
    expect(await page.evaluate(() => ditty.terminal.options.theme?.background)).toBe(background)
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(page_)
    await page.screenshot({ path: join(artifacts, `settings-${theme}.png`) })
    await set(page, 'Colours', 'system')
    expect(await page.evaluate(() => ditty.terminal.options.theme?.background)).not.toBe(background)
  })
})
