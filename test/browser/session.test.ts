import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, linesOf, openShell, printed, prompt, type, type Visit, visit } from './chromium.ts'
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
