import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { opened } from '../terminal/screen/emulators.ts'
import { launchChromium, linesOf, openShell, printed, prompt, type, until, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function open(options: Parameters<typeof openShell>[2] = {}) {
  visited = await openShell(browser, server.printedUrl, options)
  return visited.page
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

/** Cells the emulator gives a text. */
const cells = (page: Page, texts: string[]): Promise<number[]> =>
  page.evaluate(async texts => {
    const { terminal } = ditty
    const widths: number[] = []
    for (const text of texts)
      await new Promise<void>(done =>
        terminal.write(`\r\x1b[2K${text}`, () => {
          widths.push(terminal.buffer.active.cursorX)
          done()
        }),
      )
    return widths
  }, texts)

/**
 * Cells wcwidth(3) of this C library counts, which bash and most programs go by. Node's pipes are sockets, at which bash would take
 * itself for a remote shell and read ~/.bashrc, whatever that does.
 */
async function libraryCells(texts: string[]): Promise<number[]> {
  const count = `while IFS= read -r line; do printf %s "$line" | wc -L; done <<< '${texts.join('\n')}'`
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', count], {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  return stdout.trim().split('\n').map(Number)
}

describe('widths', () => {
  const alike: string[] = [
    'plain',
    '你好',
    '港口',
    '日本語カナ',
    'ｶﾅ',
    '한국어',
    'ＡＢ',
    '。，！',
    '😀',
    '🚢',
    '🇨',
    'é',
    'e\u0301',
    'ñ',
    'Ελλάδα',
    'Привет',
    'שלום',
    'مرحبا',
    'ไทย',
    '①②',
    '→←',
    '─│┌',
    '█▓',
    '±×÷',
    '…',
    '“”',
    '☆★',
    '°C',
    'α',
    '⌚',
    '⚓',
    '✅',
    '㊗',
    '𠀀',
    '﹏',
  ]

  test('are what the C library counts: CJK, single emoji, combining and ambiguous characters', async () => {
    const page = await open()
    const [ours, theirs] = [await cells(page, alike), await libraryCells(alike)]
    expect(alike.map((text, index) => [text, ours[index]])).toEqual(alike.map((text, index) => [text, theirs[index]]))
  })

  test('are the same on the server', async () => {
    const page = await open()
    const texts = [...alike, ...clusters.map(([, text]) => text)]
    expect(await cells(page, texts)).toEqual(texts.map(text => opened(text).core.buffers.active.x))
  })

  /** The page draws a cluster as the one picture it is, while wcwidth(3) sums up its parts. */
  const clusters: [name: string, text: string, ours: number, theirs: number][] = [
    ['a family joined by ZWJ', '👩‍👩‍👧', 2, 6],
    ['a skin tone', '👍🏽', 2, 4],
    ['an emoji by its variation selector', '❤️', 2, 1],
    ['a keycap', '1️⃣', 2, 1],
    ['a space of no width', 'a\u200bb', 3, 2],
  ]

  test('differ by nature where a cluster is one picture', async () => {
    const page = await open()
    const texts = clusters.map(([, text]) => text)
    expect(await cells(page, texts)).toEqual(clusters.map(([, , ours]) => ours))
    expect(await libraryCells(texts)).toEqual(clusters.map(([, , , theirs]) => theirs))
  })
})

describe('fonts', () => {
  /** The faces that draw the first row with `text`, as the browser chose them. */
  async function facesOf(page: Page, text: string): Promise<string[]> {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('DOM.enable')
    await devtools.send('CSS.enable')
    await devtools.send('DOM.getDocument')
    const { result } = await devtools.send('Runtime.evaluate', {
      expression: `[...document.querySelectorAll('.xterm-rows > div')].find(row => row.textContent.startsWith('${text}'))`,
    })
    const { nodeId } = await devtools.send('DOM.requestNode', { objectId: result.objectId! })
    const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId })
    return fonts.map(({ familyName }) => familyName)
  }

  test.each(['en-US', 'zh-CN', 'ja-JP'])(
    'fall back to a Chinese face for what the Latin one lacks, in a browser of %s too',
    async locale => {
      const page = await open({ locale })
      await type(page, 'clear; printf "直角\\n"')
      expect(await facesOf(page, '直角')).toEqual(['Noto Sans Mono CJK SC'])
    },
  )
})

describe('a line that is edited', () => {
  test('stays whole with Chinese in it: insert, delete, move by words', async () => {
    const page = await open()
    await page.keyboard.insertText('echo 你好世界 harbour')
    await page.keyboard.press('Alt+b')
    await page.keyboard.insertText('港口 ')
    for (let left = 0; left < 4; left++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Enter')
    await printed(page, '你好世 港口 harbour')
    expect((await linesOf(page)).at(-3)).toMatch(/[$#] echo 你好世 港口 harbour$/)
  })

  test('takes back a whole Chinese character across the end of a row', async () => {
    const page = await open()
    const { cols, x } = await page.evaluate(() => ({
      cols: ditty.terminal.cols,
      x: ditty.terminal.buffer.active.cursorX,
    }))
    const text = `echo ${'a'.repeat(cols - x - 6)}`
    await page.keyboard.insertText(`${text}汉字`)
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Backspace')
    await page.keyboard.insertText('语')
    await page.keyboard.press('Enter')
    await printed(page, `${text.slice(5)}语`)
  })
})

describe('bytes', () => {
  test('of a character come in one by one and are one character', async () => {
    const page = await open()
    await writeFile(
      join(server.home, 'drip'),
      [...Buffer.from('汉字“怀…”👩‍👩‍👧é')].map(byte => `printf '\\x${byte.toString(16)}'; sleep 0.02`).join('\n'),
    )
    await page.keyboard.insertText('bash drip; echo')
    await page.keyboard.press('Enter')
    await printed(page, '汉字“怀…”👩‍👩‍👧é')
  })

  test('that are no UTF-8 are left out and harm nothing after them', async () => {
    const page = await open()
    expect(await type(page, String.raw`printf 'a\xff\xfeb\xe6\xb1c 汉\n'`)).toEqual(['abc 汉'])
  })

  test('of a child whose locale is C pass unharmed: ls quotes them, cat, echo and bash itself give them as they came', async () => {
    const page = await open()
    await writeFile(join(server.home, '海图.txt'), '水深五米\n')
    expect(await type(page, 'LC_ALL=C cat 海图.txt')).toEqual(['水深五米'])
    expect(await type(page, 'LC_ALL=C ls -d *.txt | cat')).toEqual(['海图.txt'])
    expect(await type(page, 'LC_ALL=C ls -d *.txt')).toEqual([String.raw`''$'\346\265\267\345\233\276''.txt'`])
    await page.keyboard.insertText("LC_ALL=C PS1='C> ' bash --norc")
    await page.keyboard.press('Enter')
    await until(
      page,
      () => {
        const { active } = ditty.terminal.buffer
        return (
          active
            .getLine(active.baseY + active.cursorY)
            ?.translateToString(true)
            .trimEnd() === 'C>'
        )
      },
      undefined,
    )
    await page.keyboard.insertText('echo 港口; exit')
    await page.keyboard.press('Enter')
    await prompt(page)
    expect((await linesOf(page)).slice(-3, -1)).toEqual(['港口', 'exit'])
  })
})

describe('what it looks like', () => {
  test.each(['dark', 'light'] as const)('%s, drawn by the DOM and by WebGL', async colorScheme => {
    const page = await open({ colorScheme })
    await writeFile(
      join(server.home, 'specimen'),
      [
        '|0123456789|0123456789|0123456789|',
        '|你好世界。|港口的船，|日本語カナ|',
        '|한국어 글 |ＡＢＣＤＥ|①②→█│☆…α°±|',
        '|👩‍👩‍👧👍🏽🇨🇳❤️😀|⚓⛵🚢✅🧭|e\u0301a\u0308n\u0303o\u0302u\u030aשלוםไ|',
        '\x1b[1m粗体 bold\x1b[0m \x1b[3m斜体 italic\x1b[0m \x1b[4m下划线 underline\x1b[0m \x1b[7m反白 inverse\x1b[0m \x1b[31m红\x1b[32m绿\x1b[34m蓝\x1b[0m',
        '┌──────┬──────┐  ╭──────╮  ▁▂▃▄▅▆▇█',
        '│ 港口 │ 船只 │  │ 码头 │  ⠁⠃⠇⡇⣇⣧⣷⣿',
        '└──────┴──────┘  ╰──────╯  ░▒▓█',
      ]
        .join('\n')
        .concat('\n'),
    )
    for (const renderer of ['dom', 'webgl']) {
      await page.evaluate(text => localStorage.setItem('ditty.settings', text), JSON.stringify({ renderer }))
      await page.reload()
      await prompt(page)
      await page.keyboard.insertText(`clear; cat specimen; echo by ${renderer}`)
      await page.keyboard.press('Enter')
      await printed(page, `by ${renderer}`)
      await page.waitForTimeout(300)
      await page.screenshot({ path: `${artifacts}/text-${colorScheme}-${renderer}.png` })
      expect((await linesOf(page)).at(1)).toBe('|你好世界。|港口的船，|日本語カナ|')
    }
  })
})
