import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { TerminalClient } from '../terminal/terminal-client.ts'
import { launchChromium, linesOf, openShell, printed, prompt, shown, type, type Visit, visit } from './chromium.ts'
import { type Ditty, startDitty } from './ditty.ts'
import { startWire, type Wire } from './wire.ts'

let server: Ditty
let browser: Browser
let wire: Wire
let visited: Visit

const address = () => `http://127.0.0.1:${wire.port}`
const withToken = () => `${address()}/#token=${encodeURIComponent(server.token)}`
const message = (page: Page) => page.locator('.status .message')

async function open() {
  visited = await openShell(browser, withToken())
  return visited.page
}

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

/** All that can be read of the emulator from outside. */
const standOf = (page: Page) =>
  page.evaluate(() => {
    const { buffer, modes, rows, cols } = ditty.terminal
    const { active } = buffer
    const cells = Array.from({ length: rows }, (_, row) => {
      const line = active.getLine(active.baseY + row)
      return Array.from({ length: cols }, (_, column) => {
        const cell = line?.getCell(column)
        return [
          cell?.getChars() || ' ',
          cell?.getWidth(),
          cell?.getFgColor(),
          cell?.getBgColor(),
          cell?.isBold(),
        ].join()
      })
    })
    return { kind: active.type, cursor: [active.cursorX, active.cursorY], modes: { ...modes }, cells }
  })

describe('a session outlives the page', () => {
  test('a reload comes back to the same shell, and shows its output once', async () => {
    const page = await open()
    await type(page, 'knots=12; echo $((6 * 7))')
    const before = await linesOf(page)
    const url = page.url()
    await page.reload()
    await prompt(page)
    expect(page.url()).toBe(url)
    expect(await linesOf(page)).toEqual(before)
    expect(await type(page, 'echo $knots')).toEqual(['12'])
  })

  test('a reload comes back to a full-screen program as it stood: cells, colours, cursor, modes, title', async () => {
    const page = await open()
    const draw = String.raw`printf '\e]2;海图 chart\a\e[?1049h\e[?2004h\e[?1003h\e[?1006h\e[?1h\e[5 q\e[2J\e[3;20r\e[44;1m\e[5;7H港口 👩‍👩‍👧 e\u0301\e[0m\e[38;2;1;2;3m deep\e[8;4H'; read`
    await page.keyboard.insertText(draw)
    await page.keyboard.press('Enter')
    await shown(page, 'deep')
    await expect.poll(() => page.title()).toMatch('海图 chart')
    const before = await standOf(page)
    expect(before).toMatchObject({ kind: 'alternate', cursor: [3, 7], modes: { mouseTrackingMode: 'any' } })
    await page.reload()
    await expect.poll(() => page.evaluate(() => globalThis.ditty?.terminal.buffer.active.type)).toBe('alternate')
    await shown(page, 'deep')
    expect(await standOf(page)).toEqual(before)
    await expect.poll(() => page.title()).toMatch('海图 chart')
  })

  test('questions a program asked the terminal are not answered again after a reload', async () => {
    const page = await open()
    await type(page, String.raw`printf '\e[6n'; read -rsd R where; printf '\e[c'; read -rsd c what; echo asked`)
    await page.reload()
    await prompt(page)
    await page.waitForTimeout(300)
    expect(await type(page, 'echo clean')).toEqual(['clean'])
    expect((await linesOf(page)).at(-3)).toMatch(/[$#] echo clean$/)
  })

  test('an address of a session that is gone opens a new one, and says so', async () => {
    const page = await open()
    await page.evaluate(() => {
      history.replaceState(null, '', '#terminal=gone')
      return undefined
    })
    await page.reload()
    await prompt(page)
    expect(page.url()).toMatch(/#terminal=(?!gone)/)
    expect(await message(page).textContent()).toMatch('this is a new one')
  })
})

/** As the browser tells it: it was offline, and is no more. */
async function networkReturns(page: Page): Promise<void> {
  await page.context().setOffline(true)
  await page.context().setOffline(false)
}

describe('a connection that is cut', () => {
  test('loses nothing and shows nothing twice, in the middle of a flood', async () => {
    const page = await open()
    await page.evaluate(() => {
      ditty.terminal.options.scrollback = 40_000
    })
    await page.keyboard.insertText('for i in {1..30000}; do echo $i; ((i % 100)) || sleep 0.01; done; echo over')
    await page.keyboard.press('Enter')
    const lastLines: (string | undefined)[] = []
    for (let cuts = 0; cuts < 4; cuts++) {
      await page.waitForTimeout(200)
      wire.cut()
      lastLines.push((await linesOf(page)).at(-2))
    }
    expect(lastLines).not.toContain('over')
    await printed(page, 'over')
    const lines = await linesOf(page)
    const counted = lines.slice(lines.indexOf('1'), -2)
    expect(counted).toEqual(Array.from({ length: 30_000 }, (_, index) => String(index + 1)))
  })

  test('loses nothing that is typed and types nothing twice, in the middle of a paste', async () => {
    const page = await open()
    const text = Array.from({ length: 40_000 }, (_, line) => `${line} 港口`).join('\n')
    const bytes = Buffer.byteLength(text)
    await page.keyboard.insertText(`stty raw -echo; printf ready; head -c ${bytes} | sha256sum; stty sane`)
    await page.keyboard.press('Enter')
    await shown(page, 'ready')
    const send = (from: number, to: number) => page.evaluate(text => ditty.terminal.input(text), text.slice(from, to))
    const step = Math.ceil(text.length / 6)
    for (let at = 0; at < text.length; at += step) {
      await send(at, at + step - 9000)
      const redialled = page.waitForEvent('websocket')
      wire.cut()
      await send(at + step - 9000, at + step)
      await (await redialled).waitForEvent('framereceived')
    }
    await shown(page, createHash('sha256').update(text).digest('hex'))
  })

  test('is said in the status line; what is typed meanwhile arrives when it is back', async () => {
    const page = await open()
    wire.sever()
    await message(page).filter({ hasText: 'Connection lost' }).waitFor()
    await page.keyboard.insertText('echo typed ahead')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Try now' }).click()
    wire.mend()
    await printed(page, 'typed ahead')
    expect(await message(page).textContent()).toBe('')
  })

  test.each([
    ['the button is pressed', (page: Page) => page.getByRole('button', { name: 'Try now' }).click()],
    [
      'the page is looked at again',
      (page: Page) => page.evaluate(() => void document.dispatchEvent(new Event('visibilitychange'))),
    ],
    ['the network is back', networkReturns],
  ])('is tried anew at once when %s', async (_name, act) => {
    const page = await open()
    let tries = 0
    page.on('websocket', () => tries++)
    wire.sever()
    // From the fourth try on, two seconds at least lie between them.
    await expect.poll(() => tries).toBe(4)
    await page.waitForTimeout(200)
    wire.mend()
    await act(page)
    await expect.poll(() => message(page).textContent(), { timeout: 1500 }).toBe('')
    expect(await type(page, 'echo back')).toEqual(['back'])
  })

  test('that passes nothing and hears of no end is given up when the network is another one', async () => {
    const page = await open()
    await page.keyboard.insertText('sleep 1; echo adrift')
    await page.keyboard.press('Enter')
    await shown(page, 'adrift')
    wire.freeze()
    wire.mend()
    await networkReturns(page)
    await printed(page, 'adrift')
    expect(await type(page, 'echo ashore')).toEqual(['ashore'])
  })

  test('is given up when its opening is never answered, and tried again', async () => {
    const page = await open()
    wire.freeze()
    await networkReturns(page)
    await message(page).filter({ hasText: 'Connection lost' }).waitFor()
    wire.mend()
    await message(page).filter({ hasText: 'Connection lost' }).waitFor({ state: 'detached' })
    expect(await type(page, 'echo answered')).toEqual(['answered'])
  })

  test('keeps no paste that is too long, and says so until it is read', async () => {
    const page = await open()
    wire.sever()
    await message(page).filter({ hasText: 'Connection lost' }).waitFor()
    await page.evaluate(() => ditty.terminal.paste('x'.repeat(70_000)))
    await message(page).filter({ hasText: 'paste it again' }).waitFor()
    wire.mend()
    await page.getByRole('button', { name: 'Try now' }).waitFor({ state: 'hidden' })
    expect(await message(page).textContent()).toMatch('paste it again')
    expect(await type(page, 'echo whole')).toEqual(['whole'])
  })

  test('while more was printed than is held, comes back to the screen and its scrollback, without a gap', async () => {
    const page = await open()
    await page.keyboard.insertText('sleep 1; seq 500000')
    await page.keyboard.press('Enter')
    await shown(page, 'seq 500000')
    wire.sever()
    const id = await page.evaluate(() => ditty.session)
    const headers = { Authorization: `Bearer ${server.token}` }
    const other = new TerminalClient(`ws://127.0.0.1:${server.port}/api/v1/terminals/${id}/stream`, { headers })
    const session = async () => {
      return (await fetch(`http://127.0.0.1:${server.port}/api/v1/terminals/${id}`, { headers })).json()
    }
    await other.shows(/\n500000\r\n/)
    other.socket.terminate()
    expect((await session()).oldestOffset).toBeGreaterThan(1_000_000)
    wire.mend()
    await printed(page, '500000')
    const lines = (await linesOf(page)).slice(0, -1)
    expect(lines.length).toBeGreaterThan(1000)
    expect(lines).toEqual(lines.map((_, index) => String(500_000 - lines.length + 1 + index)))
    expect(await message(page).textContent()).toBe('')
  })
})

describe('the end of the shell', () => {
  test('its status is shown, and Enter starts a new one', async () => {
    const page = await open()
    const url = page.url()
    await page.keyboard.insertText('exit 3')
    await page.keyboard.press('Enter')
    await message(page).filter({ hasText: 'Shell ended: status 3' }).waitFor()
    await page.keyboard.press('Enter')
    await prompt(page)
    expect(page.url()).not.toBe(url)
    expect(await type(page, 'echo anew')).toEqual(['anew'])
  })

  test('a signal is shown by its name, also after a reload', async () => {
    const page = await open()
    await page.keyboard.insertText('kill -9 $$')
    await page.keyboard.press('Enter')
    await message(page).filter({ hasText: 'killed by SIGKILL' }).waitFor()
    await page.reload()
    await message(page).filter({ hasText: 'killed by SIGKILL' }).waitFor()
    await page.getByRole('button', { name: 'New session' }).click()
    await prompt(page)
  })
})

describe('the token', () => {
  test('without one the page asks for it, refuses a wrong one, and takes the right one', async () => {
    visited = await visit(browser, address())
    const { page } = visited
    const field = page.getByLabel('Token, or the whole address')
    await field.fill('wrong')
    await field.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'not the token' }).waitFor()
    await field.fill(server.token)
    await field.press('Enter')
    await prompt(page)
    expect(await type(page, 'echo aboard')).toEqual(['aboard'])
  })

  test('a wrong one in the address is refused in words; the whole printed address may be pasted', async () => {
    visited = await visit(browser, `${address()}/#token=wrong`)
    const { page } = visited
    await page.getByRole('alert').filter({ hasText: 'not the token' }).waitFor()
    expect(page.url()).toBe(`${address()}/`)
    await page.getByLabel('Token, or the whole address').fill(server.printedUrl)
    await page.getByRole('button', { name: 'Open' }).click()
    await prompt(page)
  })

  test('a Chinese browser is asked in Chinese', async () => {
    visited = await visit(browser, address(), { locale: 'zh-CN' })
    const { page } = visited
    await page.getByRole('heading', { name: '请提供此终端的令牌' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  })
})
