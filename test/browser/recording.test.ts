import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, openShell, prompt, type, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function open(options?: Parameters<typeof openShell>[2]) {
  visited = await openShell(browser, server.printedUrl, options)
  return visited.page
}

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

/** Chooses an entry of the menu by its name. */
async function choose(page: Page, name: string): Promise<void> {
  await page.locator('.menu-button').click()
  await page.getByRole('combobox').fill(name)
  await page.getByRole('option', { name }).first().click()
}

const chip = (page: Page) => page.locator('.status .recording-chip')
const player = (page: Page) => page.locator('dialog.player')
const seekBar = (page: Page) => player(page).getByRole('slider')

/** Every cell of a screen: its characters, width, colours and how it looks. */
const cells = (page: Page, which: 'live' | 'player') =>
  page.evaluate(which => {
    const terminal = which === 'live' ? ditty.terminal : ditty.player!.terminal
    const { active } = terminal.buffer
    const rows = Array.from({ length: terminal.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row)
      return Array.from({ length: terminal.cols }, (_, column) => {
        const cell = line?.getCell(column)
        const look = [cell?.getFgColor(), cell?.getBgColor(), cell?.isBold(), cell?.isInverse(), cell?.isUnderline()]
        return `${cell?.getChars()}|${cell?.getWidth()}|${look.join()}`
      }).join(' ')
    })
    return { rows, cursor: [active.cursorX, active.cursorY], type: active.type }
  }, which)

const textOf = (page: Page) =>
  page.evaluate(() => {
    const { active } = ditty.player!.terminal.buffer
    const { rows } = ditty.player!.terminal
    return Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true)).join(
      '\n',
    )
  })

/** Resolves when the screen shows the place of the seek bar. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() => ditty.player!.settled())
}

async function seek(page: Page, ms: number): Promise<void> {
  await seekBar(page).evaluate((bar, ms) => {
    const range = bar as unknown as { value: string; dispatchEvent(event: Event): void }
    range.value = String(ms)
    range.dispatchEvent(new Event('input'))
  }, ms)
  await settled(page)
}

/** Opens a file in the player; resolves when it plays or says what is wrong. */
async function openFile(page: Page, text: string, name = 'test.cast'): Promise<void> {
  const path = join(server.home, name)
  await writeFile(path, text)
  if (!(await player(page).isVisible())) await choose(page, 'Play a recording from a file')
  await player(page).locator('input[type=file]').setInputFiles(path)
  await player(page)
    .locator('.said')
    .filter({ hasNotText: /Loading|Drop/ })
    .waitFor({ state: 'attached' })
}

const cast = (...events: unknown[]) =>
  [{ version: 3, term: { cols: 40, rows: 10 } }, ...events].map(line => JSON.stringify(line)).join('\n')

describe('recording', () => {
  test('a recorded session plays to the very screen that the live one shows', async () => {
    const page = await open()
    await type(page, 'echo before the record')
    await choose(page, 'Record session')
    await chip(page).waitFor()
    await type(page, String.raw`printf '\e[1;31mred\e[0m \e[44m你好\e[0m 👩‍👩‍👧 é\n'; ls --color=always /; seq 1 60`)
    await page.setViewportSize({ width: 900, height: 560 })
    await type(page, 'stty size; echo resized')
    await choose(page, 'Stop recording')
    await chip(page).and(page.locator('[data-stopped=asked]')).waitFor()
    await choose(page, 'Play recording')
    await player(page).getByRole('button', { name: 'Pause' }).waitFor()
    await page.keyboard.press('End')
    await settled(page)
    expect(await cells(page, 'player')).toEqual(await cells(page, 'live'))
    await page.screenshot({ path: join(artifacts, 'player.png') })
    await page.keyboard.press('0')
    await settled(page)
    expect(await textOf(page)).toContain('before the record')
    expect(await textOf(page)).not.toContain('resized')
    await page.keyboard.press('Escape')
    await player(page).waitFor({ state: 'detached' })
    expect(await type(page, 'echo aboard')).toEqual(['aboard'])
  })

  test('what is typed is recorded only after a question; the lamp and the panel tell of it', async () => {
    const page = await open()
    await choose(page, 'Record session with what is typed')
    await page.getByRole('dialog').getByRole('button', { name: 'Record session' }).click()
    await chip(page).waitFor()
    expect(await chip(page).getAttribute('title')).toBe('Recording, with what is typed')
    await type(page, 'echo over the keys')
    await chip(page)
      .filter({ hasText: /^0:0\d · [1-9]\d* (B|kB)$/ })
      .waitFor()
    await page.screenshot({ path: join(artifacts, 'recording-lamp.png') })
    await chip(page).click()
    await page.screenshot({ path: join(artifacts, 'recording-panel.png') })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'asciicast v2' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/@.* \d{4}-.*\.cast$/)
    const [header, ...events] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n')
    expect(JSON.parse(header!)).toMatchObject({ version: 2 })
    const typed = events.map(line => JSON.parse(line)).filter(([, code]) => code === 'i')
    expect(typed.map(([, , data]) => data).join('')).toBe('echo over the keys\r')
    await page.getByRole('button', { name: 'Stop recording' }).click()
    await chip(page).and(page.locator('[data-stopped=asked]')).click()
    await page.getByRole('button', { name: 'Forget' }).click()
    await chip(page).waitFor({ state: 'detached' })
  })
})

describe('the player', () => {
  const counted = cast(...Array.from({ length: 60 }, (_, second) => [1, 'o', `second ${second + 1}\r\n`]), [
    0,
    'm',
    'the last one',
  ])

  test('seeks forth and back, to marks and tenths, and shows the time', async () => {
    const page = await open()
    await openFile(page, counted)
    await page.keyboard.press(' ')
    await seek(page, 30_500)
    expect(await textOf(page)).toMatch(/second 30\n$/)
    expect(await player(page).locator('.time').textContent()).toBe('0:30 / 1:00')
    await seek(page, 10_000)
    expect(await textOf(page)).toMatch(/second 10\n$/)
    await page.keyboard.press('ArrowRight')
    await settled(page)
    expect(await textOf(page)).toMatch(/second 15\n$/)
    await page.keyboard.press('5')
    await settled(page)
    expect(await textOf(page)).toMatch(/second 30\n$/)
    await page.keyboard.press(']')
    await settled(page)
    expect(await textOf(page)).toMatch(/second 60\n$/)
    await page.keyboard.press('Home')
    await settled(page)
    expect((await textOf(page)).trim()).toBe('')
  })

  test('at 8× a minute takes a few seconds, and it stops at the end', async () => {
    const page = await open()
    await openFile(page, counted)
    for (let presses = 0; presses < 3; presses++) await page.keyboard.press('>')
    expect(await player(page).getByLabel('Speed').inputValue()).toBe('8')
    // At the speed of life it would take a minute.
    await player(page).getByRole('button', { name: 'Play' }).waitFor({ timeout: 20_000 })
    expect(await textOf(page)).toMatch(/second 60\n$/)
  })

  test('shortens silences, and not where that is not wanted', async () => {
    const page = await open()
    await openFile(page, cast([0, 'o', 'a'], [3600, 'o', 'b'], [3600, 'o', 'c']))
    expect(await player(page).locator('.time').textContent()).toMatch('/ 0:04')
    await player(page).getByLabel('Shorten silences').uncheck()
    expect(await player(page).locator('.time').textContent()).toMatch('/ 2:00:00')
  })

  test('a recording of 40 MB is sought back in a moment, to the same cells', async () => {
    const page = await open()
    const line = (index: number) => `\x1b[3${index % 8}mline ${index}\x1b[0m ${'the quick brown fox '.repeat(20)}\r\n`
    const events = Array.from({ length: 100_000 }, (_, index) => [0.01, 'o', line(index)])
    await openFile(page, cast([0, 'o', '\x1b[3;8r\x1b[?25l\x1b[5 q'], ...events))
    await page.keyboard.press(' ')
    await seek(page, 500_000)
    const middle = await cells(page, 'player')
    await seek(page, 1_000_000)
    await seek(page, 500_000)
    expect(await cells(page, 'player')).toEqual(middle)
  }, 120_000)

  test.each([
    ['Line 1: this is no asciicast recording', 'not json'],
    ['Line 1: the file is empty', ''],
    ['Line 1: only asciicast versions 2 and 3 can be played', '{"version":1,"width":80}\n'],
    ['Line 1: the size of the terminal is missing or impossible', '{"version":3,"term":{"cols":1e9,"rows":24}}\n'],
    ['Line 3: this is no event of a recording', `${cast([0, 'o', 'a'])}\n{]\n`],
    ['Line 3: the time of this event is impossible', `${cast([0, 'o', 'a'], [-1, 'o', 'b'])}\n`],
    ['Line 2: the time of this event is impossible', `${cast([1e300, 'o', 'a'])}\n`],
    ['Line 2: the new size is impossible', `${cast([0, 'r', '9999999x9'])}\n`],
    ['Line 2: the line is too long for a recording', `${cast()}\n[0, "o", "${'x'.repeat(6_000_000)}`],
  ])('a broken file is told of with its line: %s', async (message, text) => {
    const page = await open()
    await openFile(page, text)
    expect(await player(page).locator('.said').textContent()).toBe(message)
  })

  test('what a hostile recording prints does nothing but show', async () => {
    const page = await open()
    const title = await page.title()
    const url = page.url()
    let dialogs = 0
    page.on('dialog', dialog => {
      dialogs++
      void dialog.dismiss()
    })
    const hostile = [
      '\x1b]52;c;aGVsbG8=\x07',
      '\x1b]0;pwned\x07\x1b]2;pwned\x07',
      '\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07 \x1b]8;;https://example.com\x07here\x1b]8;;\x07\r\n',
      '\x1b[6n\x1b[c\x1b[>c\x1b]10;?\x07\x1b[18t\x1b[8;900;900t',
      '<img src=x onerror=alert(1)>',
    ]
    await openFile(page, `${cast(...hostile.map(text => [0, 'o', text]), [0, 'm', '<b>mark'])}\n`, '<img src=x>.cast')
    await settled(page)
    await player(page).locator('.xterm-rows', { hasText: 'click here' }).waitFor()
    await player(page)
      .locator('.xterm-screen')
      .click({ position: { x: 12, y: 8 } })
    await page.waitForTimeout(300)
    expect(await page.title()).toBe(title)
    expect(page.url()).toBe(url)
    expect(dialogs).toBe(0)
    expect(page.context().pages()).toHaveLength(1)
    expect(await player(page).locator('img').count()).toBe(0)
    await page.keyboard.press('Escape')
    await prompt(page)
    expect(await type(page, 'echo clean')).toEqual(['clean'])
  })

  test('a file dropped on it plays', async () => {
    const page = await open()
    await choose(page, 'Play a recording from a file')
    const data = await page.evaluateHandle(
      text => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([text], 'dropped.cast'))
        return transfer
      },
      cast([0, 'o', 'dropped']),
    )
    await player(page).dispatchEvent('drop', { dataTransfer: data })
    await player(page).getByRole('heading', { name: 'dropped.cast' }).waitFor()
    await player(page).locator('.xterm-rows', { hasText: 'dropped' }).waitFor()
  })
})

describe('how it looks', () => {
  test.each([
    ['player-dark', { colorScheme: 'dark' as const }],
    ['player-light', { colorScheme: 'light' as const }],
    ['player-phone', { viewport: { width: 360, height: 640 } }],
  ])('%s', async (name, options) => {
    const page = await open(options)
    await choose(page, 'Record session')
    await chip(page).waitFor()
    await type(page, 'ls --color=always /; seq 1 12')
    await chip(page).click()
    await page.screenshot({ path: join(artifacts, `${name}-panel.png`) })
    await page.getByRole('button', { name: 'Play recording' }).click()
    await player(page).getByRole('button', { name: 'Pause' }).waitFor()
    await page.keyboard.press('End')
    await settled(page)
    await page.screenshot({ path: join(artifacts, `${name}.png`) })
    const edge = await player(page).locator('.xterm-screen').boundingBox()
    const { width, height } = page.viewportSize()!
    expect(edge!.x + edge!.width).toBeLessThanOrEqual(width)
    expect(edge!.y + edge!.height).toBeLessThanOrEqual(height)
  })

  test('a Chinese browser is told in Chinese', async () => {
    const page = await open({ locale: 'zh-CN' })
    await choose(page, '录制会话')
    await chip(page).waitFor()
    await type(page, 'echo 你好')
    await chip(page).click()
    await page.screenshot({ path: join(artifacts, 'player-chinese-panel.png') })
    await page.getByRole('button', { name: '播放录制' }).click()
    await player(page).getByRole('button', { name: '暂停' }).waitFor()
    await page.screenshot({ path: join(artifacts, 'player-chinese.png') })
  })
})
