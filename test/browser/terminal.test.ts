import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  cellsOf,
  launchChromium,
  linesOf,
  openShell,
  printed,
  prompt,
  sizeOf,
  type,
  until,
  type Visit,
  visit,
} from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'
import { type Place, placeOf, pointAt } from './links.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function furnish(home: string): Promise<void> {
  await mkdir(join(home, 'harbour'))
  await writeFile(join(home, 'sextant'), '#!/bin/sh\n')
  await chmod(join(home, 'sextant'), 0o755)
  await writeFile(join(home, '.bashrc'), 'stty size > ~/.size-at-start\n')
}

async function open(options?: Parameters<typeof openShell>[2]) {
  visited = await openShell(browser, server.printedUrl, options)
  return visited.page
}

/** There is no GPU here, and the page would do without WebGL. A string, since it speaks of the DOM. */
const believeWebglIsFast = `{
  const { getParameter, RENDERER } = WebGL2RenderingContext.prototype
  const unmaskedRenderer = 0x9246
  WebGL2RenderingContext.prototype.getParameter = function (name) {
    return [RENDERER, unmaskedRenderer].includes(name) ? 'a GPU' : getParameter.call(this, name)
  }
}`

beforeAll(async () => {
  await mkdir(artifacts, { recursive: true })
  server = await startDitty(furnish)
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

test('the printed address opens a shell, and the token leaves the address bar and the history', async () => {
  const page = await open()
  expect(page.url()).toMatch(/\/#terminal=[\w-]+$/)
  expect(await page.evaluate(() => history.length)).toBe(2)
  await page.goBack()
  expect(page.url()).toBe('about:blank')
})

describe('what is typed and what the emulator then holds', () => {
  test('ls --color shows a directory and a program in their colours', async () => {
    const page = await open()
    expect(await type(page, 'ls -1 --color')).toEqual(['harbour', 'sextant'])
    const [directory] = await cellsOf(page, 'harbour')
    const [program] = await cellsOf(page, 'sextant')
    expect(directory).toMatchObject({ chars: 'h', palette: 4, bold: true })
    expect(program).toMatchObject({ chars: 's', palette: 2, bold: true })
  })

  test('Chinese, a family joined of three, and an accent take the cells they should', async () => {
    const page = await open()
    expect(await type(page, 'echo 你好 👩‍👩‍👧 é')).toEqual(['你好 👩‍👩‍👧 é'])
    const cells = await cellsOf(page, '你好')
    expect(cells.slice(0, 9).map(({ chars, width }) => [chars, width])).toEqual([
      ['你', 2],
      ['', 0],
      ['好', 2],
      ['', 0],
      [' ', 1],
      ['👩‍👩‍👧', 2],
      ['', 0],
      [' ', 1],
      ['é', 1],
    ])
    await page.screenshot({ path: join(artifacts, 'terminal.png') })
  })

  test('a command that fails shows its error and its status', async () => {
    const page = await open()
    const [error] = await type(page, 'ls /no-such-harbour')
    expect(error).toMatch(/\/no-such-harbour.*No such file or directory/)
    expect((await linesOf(page)).at(-1)).toMatch(/^\[2\] /)
  })

  test('a colour of 24 bits is kept as it is', async () => {
    const page = await open()
    await type(page, String.raw`printf '\e[38;2;255;100;1mbuoy\e[0m\n'`)
    expect((await cellsOf(page, 'buoy'))[0]).toMatchObject({ chars: 'b', rgb: 0xff6401 })
    expect(await type(page, 'echo $TERM $COLORTERM')).toEqual(['xterm-256color truecolor'])
  })

  test('a paste of 100,000 characters arrives whole', async () => {
    const page = await open()
    await page.keyboard.insertText('stty -echo; echo ready; wc -c; stty echo')
    await page.keyboard.press('Enter')
    await until(page, () => ditty.terminal.buffer.active.getLine(1)?.translateToString(true) === 'ready', undefined)
    const lines = `${'0123456789'.repeat(10).slice(1)}\n`.repeat(1000)
    await page.evaluate(text => ditty.terminal.paste(text), lines)
    await page.keyboard.press('Control+d')
    await prompt(page)
    expect((await linesOf(page)).at(-2)).toBe('100000')
  })
})

describe('the size of the window', () => {
  test('the shell has it from its first byte', async () => {
    const page = await open()
    expect(await readFile(join(server.home, '.size-at-start'), 'utf8')).toBe(`${await sizeOf(page)}\n`)
    expect(await type(page, 'stty size')).toEqual([await sizeOf(page)])
  })

  test('it follows the browser window', async () => {
    const page = await open()
    const before = await sizeOf(page)
    await page.setViewportSize({ width: 700, height: 400 })
    await until(page, before => `${ditty.terminal.rows} ${ditty.terminal.cols}` !== before, before)
    expect(await type(page, 'stty size')).toEqual([await sizeOf(page)])
  })

  test('a phone shows a whole terminal, with nothing beyond the edge', async () => {
    const page = await open({ viewport: { width: 360, height: 640 }, hasTouch: true })
    const [, cols] = (await sizeOf(page)).split(' ')
    expect(Number(cols)).toBeGreaterThan(40)
    const edge = await page.locator('.xterm-screen').boundingBox()
    expect((edge?.x ?? 0) + (edge?.width ?? 0)).toBeLessThanOrEqual(360)
    await page.screenshot({ path: join(artifacts, 'terminal-phone.png') })
  })
})

describe('drawing', () => {
  test('when the browser takes WebGL away, the DOM takes over at once', async () => {
    visited = await visit(browser, 'about:blank')
    const { page } = visited
    await page.addInitScript(believeWebglIsFast)
    await page.goto(server.printedUrl)
    await prompt(page)
    await type(page, 'echo still afloat')
    const hadWebgl = await page.locator('.xterm-screen > canvas:not(.xterm-link-layer)').evaluateAll(canvases => {
      const contexts = canvases.map(canvas => (canvas as { getContext?(id: string): unknown }).getContext?.('webgl2'))
      const lose = contexts.map(context =>
        (context as { getExtension(name: string): { loseContext(): void } } | null)?.getExtension('WEBGL_lose_context'),
      )
      for (const extension of lose) extension?.loseContext()
      return lose.some(Boolean)
    })
    expect(hadWebgl).toBe(true)
    await page.locator('.xterm-rows', { hasText: 'still afloat' }).waitFor({ timeout: 1500 })
    expect(await type(page, 'stty size')).toEqual([await sizeOf(page)])
  })

  test('for a screen reader the screen is in the document, and the choice stays', async () => {
    const page = await open()
    const button = page.getByRole('button', { name: 'Screen reader mode' })
    await button.focus()
    await button.press('Enter')
    await page.reload()
    await prompt(page)
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('textbox', { name: 'Terminal' }).focus()
    await page.keyboard.type('echo all hands\n')
    await page
      .getByRole('listitem')
      .filter({ hasText: /^all hands/ })
      .waitFor()
  })

  test('by day the page is light', async () => {
    const page = await open({ colorScheme: 'light' })
    expect(await page.evaluate(() => ditty.terminal.options.theme?.background)).toBe('#faf6ec')
    await page.screenshot({ path: join(artifacts, 'terminal-light.png') })
  })
})

describe('a link', () => {
  async function openWith(command: string, text: string): Promise<{ page: Page; at: Place }> {
    const page = await open()
    await page.keyboard.insertText(`clear; ${command}`)
    await page.keyboard.press('Enter')
    await printed(page, text)
    return { page, at: await placeOf(page, text) }
  }

  test.each([
    ['in plain text', 'echo http://127.0.0.1:9/plain', 'http://127.0.0.1:9/plain', 'http://127.0.0.1:9/plain'],
    [
      'under a text that is another address',
      String.raw`printf '\e]8;;http://127.0.0.1:9/real\e\\%s\e]8;;\e\\\n' http://shown.example`,
      'http://shown.example',
      'http://127.0.0.1:9/real',
    ],
  ])('%s says where it leads, and opens that beside the page', async (_name, command, text, address) => {
    const { page, at } = await openWith(command, text)
    await expect.poll(() => pointAt(page, at)).toContain(address)
    const popup = page.context().waitForEvent('page')
    await page.mouse.click(at.x, at.y)
    expect((await popup).url()).not.toBe(page.url())
    expect(await (await popup).evaluate(() => globalThis.opener === null)).toBe(true)
  })

  test.each(['javascript:document.title="boarded"', 'data:text/html,boarded', 'vbscript:x'])(
    'to %s opens nothing',
    async address => {
      const print = String.raw`printf '\e]8;;%s\e\\%s\e]8;;\e\\\n'`
      const { page, at } = await openWith(`${print} '${address}' LURE`, 'LURE')
      await expect.poll(() => pointAt(page, at)).toContain(address)
      await page.mouse.click(at.x, at.y)
      expect(await type(page, 'echo calm')).toEqual(['calm'])
      expect(page.context().pages()).toHaveLength(1)
      expect(await page.title()).not.toContain('boarded')
    },
  )
})

test('a storm of sizes while output runs ends with one size on both sides, and every line', async () => {
  const page = await open()
  await page.keyboard.insertText('for i in {1..400}; do echo "line $i"; sleep 0.01; done; echo over')
  await page.keyboard.press('Enter')
  for (let step = 0; step < 80; step++)
    await page.setViewportSize({ width: 500 + ((step * 137) % 600), height: 300 + ((step * 71) % 400) })
  await page.setViewportSize({ width: 900, height: 500 })
  await printed(page, 'over')
  const lines = (await linesOf(page)).filter(line => /^line \d+$/.test(line))
  expect(lines).toEqual(Array.from({ length: 400 }, (_, index) => `line ${index + 1}`))
  await expect.poll(() => type(page, 'stty size')).toEqual([await sizeOf(page)])
})
