import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, linesOf, openShell, prompt, sizeOf, type, until, type Visit, visit } from './chromium.ts'
import { type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visits: Visit[] = []

async function open(options?: Parameters<typeof openShell>[2]): Promise<Page> {
  const visited = await openShell(browser, server.printedUrl, options)
  visits.push(visited)
  return visited.page
}

/** Another page of the same browser on the session that `page` shows, in a window of another size. */
async function join(page: Page, viewport = { width: 700, height: 420 }): Promise<Page> {
  const other = await page.context().newPage()
  await other.setViewportSize(viewport)
  await other.goto(page.url())
  await prompt(other)
  return other
}

/** A person with nothing but a link. */
async function openLink(link: string): Promise<Page> {
  const visited = await visit(browser, link)
  visits.push(visited)
  return visited.page
}

/** The link that the dialog makes; `may` is what is chosen there. */
async function makeLink(page: Page, may: 'watch' | 'watch and type'): Promise<string> {
  await page.keyboard.press('Alt+Shift+M')
  await page.getByRole('option', { name: 'Share…' }).click()
  const field = page.getByRole('textbox', { name: 'Link' })
  await expect.poll(() => field.inputValue()).toMatch(/#link=/)
  const first = await field.inputValue()
  if (may === 'watch and type') {
    await page.getByLabel('watch and type').check()
    await expect.poll(() => field.inputValue()).not.toBe(first)
  }
  const link = await field.inputValue()
  await page.keyboard.press('Escape')
  return link
}

const chip = (page: Page) => page.locator('.status .chip')
const hasSize = (page: Page, size: string) =>
  until(page, size => `${ditty.terminal.rows} ${ditty.terminal.cols}` === size, size)
const shows = (page: Page, text: string) =>
  until(
    page,
    text => {
      const active = globalThis.ditty?.terminal.buffer.active
      return Array.from({ length: active?.length ?? 0 }, (_, row) =>
        active?.getLine(row)?.translateToString(true),
      ).includes(text)
    },
    text,
  )

beforeAll(async () => {
  server = await startDitty()
  browser = await launchChromium()
})

afterEach(async () => {
  const faults = visits.flatMap(visited => visited.faults)
  await Promise.all(visits.map(({ page }) => page.context().close()))
  visits = []
  expect(faults).toEqual([])
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

describe('two pages on one session', () => {
  test('one writes, the other watches in its size; the keyboard is taken and the size follows', async () => {
    const writer = await open()
    const size = await sizeOf(writer)
    const reader = await join(writer)
    await chip(reader).getByText('Watching').waitFor()
    await hasSize(reader, size)
    await chip(writer).getByText('2 viewers').waitFor()
    const box = await reader.locator('.xterm-screen').boundingBox()
    expect(box!.x + box!.width).toBeLessThanOrEqual(700)

    await reader.keyboard.type('echo lost')
    await type(writer, 'echo heard')
    await shows(reader, 'heard')
    expect(await linesOf(writer)).not.toContain('lost')

    await reader.bringToFront()
    await reader.getByRole('button', { name: 'Take the keyboard' }).click()
    await chip(writer).getByText('Watching').waitFor()
    await until(reader, size => `${ditty.terminal.rows} ${ditty.terminal.cols}` !== size, size)
    const smaller = await sizeOf(reader)
    await hasSize(writer, smaller)
    await prompt(reader)
    expect(await type(reader, 'stty size')).toEqual([smaller])
  })

  test('the one who writes passes the keyboard on, or sends the other away, who may come back', async () => {
    const writer = await open()
    const reader = await join(writer)
    await writer.bringToFront()
    await writer.getByRole('button', { name: '2 viewers' }).click()
    await writer.getByRole('button', { name: 'Pass the keyboard' }).click()
    await writer.getByRole('dialog').getByText('Viewer 2').waitFor()
    await writer.keyboard.press('Escape')
    await chip(writer).getByText('Watching').waitFor()

    await reader.bringToFront()
    await reader.getByRole('button', { name: '2 viewers' }).click()
    await reader.getByRole('button', { name: 'Send away' }).click()
    await reader.keyboard.press('Escape')
    await writer.locator('.status .message').filter({ hasText: 'sent you away' }).waitFor()
    await chip(reader).waitFor({ state: 'detached' })
    await writer.bringToFront()
    await writer.getByRole('button', { name: 'Come back' }).click()
    await chip(writer).getByText('Watching').waitFor()
  })

  test('the keyboard of one who left is free for the one who watches and types', async () => {
    const writer = await open()
    const reader = await join(writer)
    await chip(reader).getByText('Watching').waitFor()
    await writer.close()
    await chip(reader).getByText('Nobody writes').waitFor()
    await reader.bringToFront()
    expect(await type(reader, 'echo mine')).toEqual(['mine'])
    await chip(reader).waitFor({ state: 'detached' })
  })

  test('questions of a program are answered once', async () => {
    const writer = await open()
    const reader = await join(writer)
    await writer.bringToFront()
    await type(writer, String.raw`printf '\e[c'; read -rsd c what; echo asked`)
    await shows(reader, 'asked')
    await writer.waitForTimeout(300)
    expect(await type(writer, 'echo clean')).toEqual(['clean'])
  })
})

describe('a link', () => {
  test('that may watch shows one terminal, and nothing typed there arrives', async () => {
    const writer = await open()
    await type(writer, 'echo ahoy')
    const guest = await openLink(await makeLink(writer, 'watch'))
    await shows(guest, 'ahoy')
    await chip(guest).getByText('Read only').waitFor()
    expect(new URL(guest.url()).hash).toMatch(/^#terminal=[\w-]+$/)
    expect(await guest.evaluate(async () => (await fetch('api/v1/terminals')).status)).toBe(401)
    await guest.keyboard.type('echo intruder')
    await guest.keyboard.press('Enter')
    await guest.keyboard.press('Alt+Shift+N')
    await guest.evaluate(() => ditty.terminal.input('echo intruder\r'))
    await type(writer, 'echo still ours')
    await shows(guest, 'still ours')
    expect((await linesOf(writer)).join()).not.toMatch('intruder')
    expect(await guest.locator('.pane').count()).toBe(1)

    await guest.keyboard.press('Alt+Shift+M')
    expect(await guest.getByRole('option', { name: 'New tab' }).count()).toBe(0)
    await guest.keyboard.press('Escape')
    await guest.reload()
    await shows(guest, 'still ours')
    await chip(guest).getByText('Read only').waitFor()
  })

  test('that may type is shared: its guest takes the keyboard', async () => {
    const writer = await open()
    const guest = await openLink(await makeLink(writer, 'watch and type'))
    await chip(guest).getByText('Watching').waitFor()
    await guest.getByRole('button', { name: 'Take the keyboard' }).click()
    await chip(guest).getByText('Shared with you').waitFor()
    expect(await type(guest, 'echo by guest')).toEqual(['by guest'])
    await shows(writer, 'by guest')
  })

  test('whose guest was sent away lets the guest come back', async () => {
    const writer = await open()
    const guest = await openLink(await makeLink(writer, 'watch'))
    await chip(guest).getByText('Read only').waitFor()
    await writer.getByRole('button', { name: '2 viewers' }).click()
    await writer.getByRole('button', { name: 'Send away' }).click()
    await guest.locator('.status .message').filter({ hasText: 'sent you away' }).waitFor()
    await guest.getByRole('button', { name: 'Come back' }).click()
    await chip(guest).getByText('Read only').waitFor()
  })

  test('that was ended says so, there and when it is opened', async () => {
    const writer = await open()
    const link = await makeLink(writer, 'watch')
    const guest = await openLink(link)
    await chip(guest).getByText('Read only').waitFor()
    await writer.keyboard.press('Alt+Shift+M')
    await writer.getByRole('option', { name: 'Share…' }).click()
    await writer.getByRole('button', { name: 'End all links' }).click()
    const gone = { hasText: 'This link no longer works' }
    await guest.locator('.status .message').filter(gone).waitFor()
    const late = await openLink(link)
    await late.locator('.status .message').filter(gone).waitFor()
  })
})
