import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, openShell, prompt, type Visit } from './chromium.ts'
import { type Ditty, startDitty } from './ditty.ts'
import { Reader } from './reader.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function open() {
  visited = await openShell(browser, server.printedUrl)
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

/** A key as playwright names it on an American keyboard whose Num Lock is off, and what a program reads. */
const american: [press: string, bytes: string][] = [
  ['a', 'a'],
  ['Shift+A', 'A'],
  ['Enter', '\r'],
  ['Shift+Enter', '\r'],
  ['Alt+Enter', '\x1b\r'],
  ['NumpadEnter', '\r'],
  ['Tab', '\t'],
  ['Shift+Tab', '\x1b[Z'],
  ['Escape', '\x1b'],
  ['Backspace', '\x7f'],
  ['Alt+Backspace', '\x1b\x7f'],
  ['Control+Backspace', '\b'],
  ['Delete', '\x1b[3~'],
  ['Control+Delete', '\x1b[3;5~'],
  ['Insert', '\x1b[2~'],
  ['Alt+Insert', '\x1b[2;3~'],
  ['ArrowUp', '\x1b[A'],
  ['ArrowDown', '\x1b[B'],
  ['ArrowRight', '\x1b[C'],
  ['ArrowLeft', '\x1b[D'],
  ['Control+ArrowLeft', '\x1b[1;5D'],
  ['Alt+ArrowRight', '\x1b[1;3C'],
  ['Shift+ArrowUp', '\x1b[1;2A'],
  ['Control+Alt+Shift+ArrowDown', '\x1b[1;8B'],
  ['Home', '\x1b[H'],
  ['End', '\x1b[F'],
  ['Control+Home', '\x1b[1;5H'],
  ['Shift+End', '\x1b[1;2F'],
  ['PageUp', '\x1b[5~'],
  ['PageDown', '\x1b[6~'],
  ['Alt+PageUp', '\x1b[5;3~'],
  ['Alt+PageDown', '\x1b[6;3~'],
  ['F1', '\x1bOP'],
  ['F4', '\x1bOS'],
  ['F5', '\x1b[15~'],
  ['F10', '\x1b[21~'],
  ['F11', '\x1b[23~'],
  ['F12', '\x1b[24~'],
  ['Shift+F1', '\x1b[1;2P'],
  ['Alt+F3', '\x1b[1;3R'],
  ['Control+F5', '\x1b[15;5~'],
  ['Control+Shift+F12', '\x1b[24;6~'],
  ['Control+a', '\x01'],
  ['Control+c', '\x03'],
  ['Control+v', '\x16'],
  ['Control+z', '\x1a'],
  ['Control+Space', '\x00'],
  ['Control+2', '\x00'],
  ['Control+Shift+Digit2', '\x00'],
  ['Control+[', '\x1b'],
  ['Control+\\', '\x1c'],
  ['Control+]', '\x1d'],
  ['Control+6', '\x1e'],
  ['Control+Shift+Digit6', '\x1e'],
  ['Control+/', '\x1f'],
  ['Control+Shift+Minus', '\x1f'],
  ['Control+Shift+Slash', '\x7f'],
  ['Alt+b', '\x1bb'],
  ['Alt+Shift+B', '\x1bB'],
  ['Alt+.', '\x1b.'],
  ['Alt+Shift+Comma', '\x1b<'],
  ['Alt+1', '\x1b1'],
  ['Alt+Space', '\x1b '],
  ['Control+Alt+h', '\x1b\b'],
  ['Numpad7', '\x1b[H'],
  ['NumpadAdd', '+'],
  ['NumpadDecimal', '\x1b[3~'],
]

test('each key of an American keyboard sends what xterm sends', async () => {
  const page = await open()
  const reader = await Reader.start(page, server.home)
  const sent: typeof american = []
  for (const [press] of american) {
    await page.keyboard.press(press)
    sent.push([press, await reader.take()])
  }
  expect(sent).toEqual(american)
})

test('a program that asks for application cursor keys gets them', async () => {
  const page = await open()
  const reader = await Reader.start(page, server.home, String.raw`printf '\e[?1h'`)
  for (const key of ['ArrowUp', 'ArrowLeft', 'Home', 'End', 'Control+ArrowUp']) await page.keyboard.press(key)
  expect(await reader.take()).toBe('\x1bOA\x1bOD\x1bOH\x1bOF\x1b[1;5A')
})

interface Press {
  key: string
  code: string
  keyCode: number
  /** CDP's bits: Alt 1, Ctrl 2, Meta 4, Shift 8. */
  modifiers?: number
  text?: string
}

/** A key of another keyboard than playwright has; what it writes and its code differ. */
async function press(page: Page, { key, code, keyCode, modifiers = 0, text }: Press): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const shared = { key, code, windowsVirtualKeyCode: keyCode, modifiers }
  await devtools.send('Input.dispatchKeyEvent', {
    type: text === undefined ? 'rawKeyDown' : 'keyDown',
    ...shared,
    ...(text === undefined ? {} : { text }),
  })
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...shared })
  await devtools.detach()
}

/** The page takes the keyboard of another system for its own. */
async function openOn(platform: string): Promise<Page> {
  visited = await openShell(browser, server.printedUrl)
  const { page } = visited
  await page.addInitScript(`Object.defineProperty(navigator, 'platform', { get: () => '${platform}' })`)
  if (platform.startsWith('Win'))
    await page.addInitScript(
      `Object.defineProperty(navigator, 'userAgent', { get: () => 'Mozilla/5.0 (Windows NT 10.0) Chrome/140' })`,
    )
  await page.reload()
  await prompt(page)
  return page
}

describe('keyboards of other countries', () => {
  test('on Linux AltGr writes what stands on the key; Alt and Ctrl go by what the key writes, a Russian letter by its place', async () => {
    const page = await open()
    const reader = await Reader.start(page, server.home)
    await press(page, { key: '@', code: 'KeyQ', keyCode: 81, text: '@' })
    await press(page, { key: '[', code: 'Digit8', keyCode: 56, text: '[' })
    await press(page, { key: 'ß', code: 'Minus', keyCode: 219, text: 'ß' })
    expect(await reader.take()).toBe('@[ß')
    await press(page, { key: 'ö', code: 'Semicolon', keyCode: 192, modifiers: 1 })
    await press(page, { key: 'и', code: 'KeyB', keyCode: 66, modifiers: 1 })
    expect(await reader.take()).toBe('\x1bö\x1bb')
    await press(page, { key: '[', code: 'Digit5', keyCode: 53, modifiers: 2 })
    await press(page, { key: '_', code: 'Minus', keyCode: 189, modifiers: 2 | 8 })
    expect(await reader.take()).toBe('\x1b\x1f')
  })

  test('AltGr on Windows, which is Ctrl and Alt at once, is no control key', async () => {
    const page = await openOn('Win32')
    const reader = await Reader.start(page, server.home)
    await press(page, { key: '@', code: 'KeyQ', keyCode: 81, modifiers: 3, text: '@' })
    await press(page, { key: '{', code: 'Digit7', keyCode: 55, modifiers: 3, text: '{' })
    expect(await reader.take()).toBe('@{')
  })

  test('on a Mac Option is Meta, and still writes the @ and | of a German keyboard', async () => {
    const page = await openOn('MacIntel')
    const reader = await Reader.start(page, server.home)
    await press(page, { key: '∫', code: 'KeyB', keyCode: 66, modifiers: 1 })
    await press(page, { key: '@', code: 'KeyL', keyCode: 76, modifiers: 1 })
    await press(page, { key: '|', code: 'Digit7', keyCode: 55, modifiers: 1 })
    expect(await reader.take()).toBe('\x1bb@|')
  })

  test('a dead key and a letter are one letter', async () => {
    const page = await open()
    const reader = await Reader.start(page, server.home)
    const devtools = await page.context().newCDPSession(page)
    await press(page, { key: 'Dead', code: 'Equal', keyCode: 229 })
    await devtools.send('Input.imeSetComposition', { text: '´', selectionStart: 1, selectionEnd: 1 })
    await press(page, { key: 'e', code: 'KeyE', keyCode: 229 })
    await devtools.send('Input.insertText', { text: 'é' })
    await page.waitForTimeout(50)
    expect(await reader.take()).toBe('é')
  })
})

describe('keys of the page itself', () => {
  test('full screen locks the keyboard, so that Ctrl+W and its kin reach the program', async () => {
    const page = await open()
    await page.addInitScript(`globalThis.locked = []
      navigator.keyboard.lock = async () => { locked.push('lock') }
      navigator.keyboard.unlock = () => { locked.push('unlock') }`)
    await page.reload()
    await prompt(page)
    for (const label of ['Full screen, with every key', 'Leave full screen']) {
      await page.getByRole('button', { name: 'Menu' }).click()
      await page.getByRole('option', { name: label }).click()
      await page.waitForTimeout(200)
    }
    expect(await page.evaluate('locked')).toEqual(['lock', 'unlock'])
  })
})
