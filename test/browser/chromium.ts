import { setTimeout as delay } from 'node:timers/promises'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type {} from '../../web/handle.ts'

/** The Debian package's; the fonts the tests' text needs come with fonts-noto-cjk and fonts-noto-color-emoji. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })

/** A page and everything on it that went wrong: uncaught errors and what the CSP refused. */
export interface Visit {
  page: Page
  faults: string[]
}

export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 620 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => message.text().includes('Content Security Policy') && faults.push(message.text()))
  await page.goto(url)
  return { page, faults }
}

/** The page of a context that has a shell: opened, and its prompt there. */
export async function openShell(browser: Browser, url: string, options?: BrowserContextOptions): Promise<Visit> {
  const visited = await visit(browser, url, options)
  await prompt(visited.page)
  return visited
}

const patienceMs = 60_000

/** Waits for something to be true in the page. Playwright's own `waitForFunction` needs `eval`, which our CSP refuses. */
export async function until<Value>(page: Page, holds: (value: Value) => boolean, value: Value): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await page.evaluate(holds as (value: unknown) => boolean, value))) {
    if (performance.now() > deadline) throw new Error(`Never so: ${holds}\n${(await linesOf(page)).join('\n')}`)
    await delay(50)
  }
}

/** Waits until the shell has written its prompt, the last thing on the screen. */
export const prompt = (page: Page) =>
  until(
    page,
    () => {
      const buffer = globalThis.ditty?.terminal.buffer.active
      const line = buffer?.getLine(buffer.baseY + buffer.cursorY)?.translateToString(true) ?? ''
      return /[$#]$/.test(line.trimEnd()) && line.length <= (buffer?.cursorX ?? 0)
    },
    undefined,
  )

/** Types a command as a person would, waits for the next prompt, and gives what it printed, a line each. */
export async function type(page: Page, command: string): Promise<string[]> {
  const before = await page.evaluate(() => ditty.terminal.buffer.active.baseY + ditty.terminal.buffer.active.cursorY)
  await page.keyboard.insertText(command)
  await page.keyboard.press('Enter')
  await until(page, line => ditty.terminal.buffer.active.baseY + ditty.terminal.buffer.active.cursorY > line, before)
  await prompt(page)
  const lines = await linesOf(page)
  return lines.slice(before + 1, -1)
}

/** Waits until a command of its own has printed `text`, just above the prompt. */
export const printed = (page: Page, text: string) =>
  until(
    page,
    text => {
      const { active } = ditty.terminal.buffer
      return active.getLine(active.baseY + active.cursorY - 1)?.translateToString(true) === text
    },
    text,
  )

/** Waits until `text` stands somewhere in what the emulator holds, over the ends of lines too. */
export const shown = (page: Page, text: string) =>
  until(
    page,
    text => {
      const { active } = ditty.terminal.buffer
      return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString() ?? '')
        .join('')
        .includes(text)
    },
    text,
  )

/** Everything the emulator holds, scrollback first, up to the cursor. */
export const linesOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { active } = ditty.terminal.buffer
    return Array.from(
      { length: active.baseY + active.cursorY + 1 },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    )
  })

export interface Cell {
  chars: string
  width: number
  /** `rgb` and `palette` colours as xterm.js numbers them; undefined for the default. */
  rgb: number | undefined
  palette: number | undefined
  bold: boolean
}

/** The cells of the last line that starts with `text`. */
export const cellsOf = (page: Page, text: string): Promise<Cell[]> =>
  page.evaluate(text => {
    const { active } = ditty.terminal.buffer
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row))
    const line = rows.findLast(line => line?.translateToString(true).startsWith(text))
    return Array.from({ length: line?.length ?? 0 }, (_, column) => {
      const cell = line?.getCell(column)
      return {
        chars: cell?.getChars() ?? '',
        width: cell?.getWidth() ?? 0,
        rgb: cell?.isFgRGB() ? cell.getFgColor() : undefined,
        palette: cell?.isFgPalette() ? cell.getFgColor() : undefined,
        bold: Boolean(cell?.isBold()),
      }
    })
  }, text)

/** `rows cols` as stty(1) says it, of the emulator. */
export const sizeOf = (page: Page): Promise<string> =>
  page.evaluate(() => `${ditty.terminal.rows} ${ditty.terminal.cols}`)
