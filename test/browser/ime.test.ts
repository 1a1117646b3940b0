import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, openShell, printed, shown, sizeOf, until, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'
import { Reader } from './reader.ts'
import { startWire, type Wire } from './wire.ts'

let server: Ditty
let wire: Wire
let browser: Browser
let visited: Visit

/** An input method for Chinese, as the browser hears of one. */
class Pinyin {
  readonly #devtools: CDPSession

  private constructor(devtools: CDPSession) {
    this.#devtools = devtools
  }

  static on = async (page: Page) => new Pinyin(await page.context().newCDPSession(page))

  async compose(...steps: string[]): Promise<void> {
    for (const text of steps)
      await this.#devtools.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      })
  }

  commit = (text: string) => this.#devtools.send('Input.insertText', { text })
  cancel = () => this.#devtools.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 })
}

async function open(options: Parameters<typeof openShell>[2] = {}): Promise<{ page: Page; pinyin: Pinyin }> {
  visited = await openShell(
    browser,
    `http://127.0.0.1:${wire.port}/#token=${encodeURIComponent(server.token)}`,
    options,
  )
  return { page: visited.page, pinyin: await Pinyin.on(visited.page) }
}

const view = (page: Page) => page.locator('.composition-view')

beforeAll(async () => {
  server = await startDitty()
  wire = await startWire(server.port)
  browser = await launchChromium()
})

afterEach(async () => {
  wire.mend()
  expect(visited.faults).toEqual([])
  await visited.page.context().close()
})

afterAll(async () => {
  await browser?.close()
  await wire?.close()
  await server?.close()
})

describe('an input method', () => {
  test('sends what was chosen, once, and nothing before', async () => {
    const { page, pinyin } = await open()
    const reader = await Reader.start(page, server.home)
    await pinyin.compose('n', 'ni', "ni'h", "ni'hao")
    expect(await reader.take()).toBe('')
    await pinyin.commit('你好')
    await page.waitForTimeout(50)
    expect(await reader.take()).toBe('你好')
    await pinyin.compose('s', 'shi')
    await pinyin.cancel()
    await page.waitForTimeout(50)
    await pinyin.compose('jie')
    await pinyin.commit('世界')
    await page.waitForTimeout(50)
    await page.keyboard.type('a')
    expect(await reader.take()).toBe('世界a')
  })

  test('shows what is composed at the cursor, in letters of the terminal', async () => {
    const { page, pinyin } = await open()
    await page.keyboard.insertText('echo 港口 ')
    await pinyin.compose("ma'tou")
    await until(
      page,
      () => {
        const { active } = ditty.terminal.buffer
        return active.cursorX >= 10
      },
      undefined,
    )
    await page.waitForTimeout(100)
    const cell = await page.evaluate(() => {
      const { cols, rows, buffer, options } = ditty.terminal
      return { cols, rows, x: buffer.active.cursorX, y: buffer.active.cursorY, size: options.fontSize }
    })
    const screen = await page.locator('.xterm-screen').boundingBox()
    const box = await view(page).boundingBox()
    expect(box!.x - screen!.x).toBeCloseTo((cell.x * screen!.width) / cell.cols, 0)
    expect(box!.y - screen!.y).toBeCloseTo((cell.y * screen!.height) / cell.rows, 0)
    expect(
      await view(page).evaluate(element => (element as unknown as { style: { fontSize: string } }).style.fontSize),
    ).toBe(`${cell.size}px`)
    await page.screenshot({ path: `${artifacts}/ime.png` })
    await pinyin.commit('码头')
    await page.waitForTimeout(50)
    await page.keyboard.press('Enter')
    await printed(page, '港口 码头')
  })

  test('goes on across a change of size, a flood of output and a lost connection', async () => {
    const { page, pinyin } = await open()
    await page.keyboard.insertText(
      'for i in {1..40}; do echo $i; sleep 0.05; done & read -r line; echo "<$line>"; wait',
    )
    await page.keyboard.press('Enter')
    await pinyin.compose('f', 'feng')
    const before = await sizeOf(page)
    await page.setViewportSize({ width: 760, height: 480 })
    await until(page, before => `${ditty.terminal.rows} ${ditty.terminal.cols}` !== before, before)
    await pinyin.compose("feng'lang")
    await pinyin.commit('风浪')
    await shown(page, '风浪')
    await pinyin.compose('d', "da'hai")
    wire.sever()
    await page.locator('.status .message').filter({ hasText: 'Connection lost' }).waitFor()
    await pinyin.commit('大海')
    await page.waitForTimeout(50)
    await page.keyboard.press('Enter')
    wire.mend()
    await shown(page, '<风浪大海>')
  })
})
