import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, linesOf, openShell, prompt, type, until, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'
import { Reader } from './reader.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function open(settings: Record<string, unknown> = {}, options: BrowserContextOptions = {}) {
  visited = await openShell(browser, server.printedUrl, options)
  const { page } = visited
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  if (Object.keys(settings).length > 0) {
    await page.evaluate(text => localStorage.setItem('ditty.settings', text), JSON.stringify(settings))
    await page.reload()
    await prompt(page)
  }
  await page.evaluate(() => navigator.clipboard.writeText('before'))
  return page
}

const held = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
const holds = (page: Page, text: string) => expect.poll(() => held(page)).toBe(text)
const osc52 = (text: string) => String.raw`printf '\e]52;c;%s\a' ${Buffer.from(text).toString('base64')}`
const card = (page: Page) => page.locator('.clipboard-card')

/** Where a cell stands on the page. */
async function cell(page: Page, column: number, row: number): Promise<[number, number]> {
  const box = await page.locator('.xterm-screen').boundingBox()
  const { cols, rows } = await page.evaluate(() => ({ cols: ditty.terminal.cols, rows: ditty.terminal.rows }))
  const { x = 0, y = 0, width = 0, height = 0 } = box ?? {}
  return [x + ((column + 0.5) * width) / cols, y + ((row + 0.5) * height) / rows]
}

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

describe('a program that wants to copy', () => {
  test('is asked about; allowed once, it asks again; allowed on this page, it copies', async () => {
    const page = await open()
    await type(page, osc52('三 sails'))
    await card(page).getByText('wants to put 7 characters').waitFor()
    await page.screenshot({ path: `${artifacts}/clipboard-card.png` })
    expect(await held(page)).toBe('before')
    await page.getByRole('button', { name: 'Allow once' }).click()
    await holds(page, '三 sails')
    await type(page, osc52('four'))
    await page.getByRole('button', { name: 'Always on this page' }).click()
    await holds(page, 'four')
    await type(page, osc52('five'))
    await holds(page, 'five')
    expect(await card(page).getByRole('button').count()).toBe(0)
  })

  test('refused on this page, it is not heard again; nor does it ever read', async () => {
    const page = await open()
    await type(page, osc52('six'))
    await page.getByRole('button', { name: 'Never on this page' }).click()
    await type(page, osc52('seven'))
    expect(await card(page).count()).toBe(0)
    expect(await held(page)).toBe('before')
    const reader = await Reader.start(page, server.home, String.raw`printf '\e]52;c;?\a'`)
    expect(await reader.take()).toBe('')
  })

  test('where the browser refuses, a button copies', async () => {
    const page = await open({ programsCopy: 'always' })
    await page.evaluate(() => {
      const { writeText } = navigator.clipboard
      let refused = false
      navigator.clipboard.writeText = text => {
        if (refused) return writeText.call(navigator.clipboard, text)
        refused = true
        return Promise.reject(new DOMException('no press', 'NotAllowedError'))
      }
    })
    await type(page, osc52('eight'))
    await card(page).getByRole('button', { name: 'Copy' }).click()
    await holds(page, 'eight')
  })
})

describe('the mouse', () => {
  test('selects a path by a double click and copies it, when that was chosen; the right button pastes', async () => {
    const page = await open({ copyOnSelect: true, rightClick: 'paste' })
    await type(page, 'echo "at /var/log/x-1.log, 你好世界。再见"')
    const row = await page.evaluate(() => ditty.terminal.buffer.active.cursorY - 1)
    await page.mouse.dblclick(...(await cell(page, 8, row)))
    await holds(page, '/var/log/x-1.log')
    await page.mouse.dblclick(...(await cell(page, 24, row)))
    await holds(page, '你好世界')
    await page.evaluate(() => ditty.terminal.clearSelection())
    await page.keyboard.insertText('echo ')
    await page.mouse.click(...(await cell(page, 3, 0)), { button: 'right' })
    await until(
      page,
      () => {
        const { active } = ditty.terminal.buffer
        return (
          active
            .getLine(active.baseY + active.cursorY)
            ?.translateToString(true)
            .endsWith('echo 你好世界') ?? false
        )
      },
      undefined,
    )
  })

  test('belongs to a program that asks for it; with Shift it selects all the same', async () => {
    const page = await open({ copyOnSelect: true })
    const reader = await Reader.start(page, server.home, String.raw`echo harbour; printf '\e[?1003h\e[?1006h'`)
    await page.mouse.move(...(await cell(page, 2, 1)))
    await reader.take()
    await page.mouse.move(...(await cell(page, 4, 3)))
    await page.mouse.down()
    await page.mouse.up()
    await page.mouse.wheel(0, 100)
    await page.waitForTimeout(50)
    expect(await reader.take()).toMatch(/^\x1b\[<35;5;4M\x1b\[<0;5;4M\x1b\[<0;5;4m(\x1b\[<65;5;4M)+$/)
    const row = (await linesOf(page)).findIndex(line => line.startsWith('harbour'))
    await page.keyboard.down('Shift')
    await page.mouse.dblclick(...(await cell(page, 3, row)))
    await page.keyboard.up('Shift')
    await holds(page, 'harbour')
    expect(await reader.take()).not.toMatch(/\x1b\[<0/)
  })

  test('its wheel moves a pager by arrow keys, and the scrollback at the prompt', async () => {
    const page = await open()
    await writeFile(join(server.home, 'pilot'), Array.from({ length: 200 }, (_, line) => `page ${line}\n`).join(''))
    await type(page, 'cat pilot')
    await page.mouse.move(...(await cell(page, 4, 4)))
    await page.mouse.wheel(0, -300)
    await until(page, () => ditty.terminal.buffer.active.viewportY < ditty.terminal.buffer.active.baseY, undefined)
    const reader = await Reader.start(page, server.home, String.raw`printf '\e[?1049h'`)
    await page.mouse.wheel(0, 300)
    await page.waitForTimeout(50)
    expect(await reader.take()).toMatch(/^(\x1b[[O]B)+$/)
  })
})

test('Ctrl+Shift+C copies; Ctrl+C stays the program’s', async () => {
  const page = await open()
  await type(page, 'echo anchor')
  await page.evaluate(() => ditty.terminal.selectLines(1, 1))
  await page.keyboard.press('Control+Shift+C')
  await holds(page, 'anchor')
})
