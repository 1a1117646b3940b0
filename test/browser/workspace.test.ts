import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
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
import { type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function open(options?: Parameters<typeof openShell>[2]): Promise<Page> {
  visited = await openShell(browser, server.printedUrl, options)
  return visited.page
}

const sessionOf = (page: Page) => page.evaluate(() => globalThis.ditty.session)
const panes = (page: Page) => page.locator('.pane:visible')
const tabs = (page: Page) => page.getByRole('tab')
const dialog = (page: Page) => page.getByRole('dialog')

/** Does what makes another terminal the one that has the focus, and waits for its shell. */
async function anew(page: Page, action: () => Promise<unknown>): Promise<void> {
  const before = await sessionOf(page)
  await action()
  await until(page, before => ditty.session !== undefined && ditty.session !== before, before)
  await prompt(page)
}

const press = (page: Page, keys: string) => anew(page, () => page.keyboard.press(keys))

/** Picks an entry of the menu by typing what it is called. */
async function choose(page: Page, entry: string): Promise<void> {
  await page.keyboard.press('Alt+Shift+M')
  await page.getByRole('combobox', { name: 'Find a command' }).fill(entry)
  await page.keyboard.press('Enter')
}

interface Listed {
  id: string
  name: string | null
  running: boolean
}

const listed = (page: Page): Promise<Listed[]> =>
  page.evaluate(async () => (await (await fetch('api/v1/terminals')).json()).terminals)

const readSession = async (id: string | undefined) => (await fetch(`api/v1/terminals/${id}`)).json()

/** Types a command that stays in the foreground, and waits until it is there. */
async function start(page: Page, command: string): Promise<void> {
  const id = await sessionOf(page)
  await page.keyboard.insertText(command)
  await page.keyboard.press('Enter')
  const [program] = command.split(' ')
  await expect.poll(async () => (await page.evaluate(readSession, id)).foreground?.comm).toBe(program)
}

const isRunning = async (page: Page, id: string | undefined) =>
  (await listed(page)).some(session => session.id === id && session.running)

beforeAll(async () => {
  server = await startDitty()
  browser = await launchChromium()
})

afterEach(async () => {
  expect(visited.faults).toEqual([])
  const { page } = visited
  if (page.url().startsWith('http')) {
    await page.evaluate(async () => {
      const { terminals } = await (await fetch('api/v1/terminals')).json()
      for (const { id } of terminals) await fetch(`api/v1/terminals/${id}`, { method: 'DELETE' })
    })
  }
  await page.context().close()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

describe('splits', () => {
  test('share the stage, each shell knows its size, and arrows move between them', async () => {
    const page = await open()
    const whole = await sizeOf(page)
    await type(page, 'place=left')
    await press(page, 'Alt+Shift+R')
    expect(await type(page, 'stty size; place=right')).toEqual([await sizeOf(page)])
    await press(page, 'Alt+Shift+D')
    expect(await panes(page).count()).toBe(3)
    expect(await sizeOf(page)).not.toBe(whole)
    await page.keyboard.press('Alt+Shift+ArrowUp')
    expect(await type(page, 'echo $place')).toEqual(['right'])
    await page.keyboard.press('Alt+Shift+ArrowLeft')
    expect(await type(page, 'echo $place')).toEqual(['left'])
  })

  test('a divider is moved by keys and by the mouse, and the shells follow', async () => {
    const page = await open()
    await press(page, 'Alt+Shift+R')
    const cols = () => page.evaluate(() => ditty.terminal.cols)
    const half = await cols()
    await page.keyboard.press('Control+Shift+ArrowLeft')
    await until(page, half => ditty.terminal.cols > half, half)
    const divider = page.getByRole('separator')
    const box = await divider.boundingBox()
    await page.mouse.move(box!.x + box!.width / 2, 200)
    await page.mouse.down()
    await page.mouse.move(750, 200, { steps: 4 })
    await page.mouse.up()
    await until(page, half => ditty.terminal.cols < half * 0.7, half)
    expect(await divider.getAttribute('aria-valuenow')).toBe('75')
    await panes(page).nth(1).click()
    expect(await type(page, 'stty size')).toEqual([await sizeOf(page)])
  })

  test('one pane zoomed has the whole stage, and gives it back', async () => {
    const page = await open()
    const whole = await sizeOf(page)
    await press(page, 'Alt+Shift+R')
    await page.keyboard.press('Alt+Shift+Z')
    await until(page, whole => `${ditty.terminal.rows} ${ditty.terminal.cols}` === whole, whole)
    expect(await panes(page).count()).toBe(1)
    await page.keyboard.press('Alt+Shift+Z')
    await until(page, whole => `${ditty.terminal.rows} ${ditty.terminal.cols}` !== whole, whole)
    expect(await panes(page).count()).toBe(2)
  })

  test('keys that have nothing to do go to the program', async () => {
    const page = await open()
    await start(page, 'cat -v')
    await page.keyboard.press('Alt+Shift+ArrowLeft')
    await page.keyboard.press('Alt+Shift+Z')
    await page.keyboard.press('Enter')
    await until(
      page,
      () => {
        const { active } = ditty.terminal.buffer
        return active.getLine(active.cursorY - 1)?.translateToString(true) === '^[[1;4D^[Z'
      },
      undefined,
    )
  })
})

describe('tabs', () => {
  test('there is no strip for one; several are turned, chosen and closed', async () => {
    const page = await open()
    expect(await page.getByRole('tablist').isVisible()).toBe(false)
    await type(page, 'deck=first')
    await press(page, 'Alt+Shift+N')
    expect(await tabs(page).count()).toBe(2)
    expect(await page.getByRole('tab', { selected: true }).getAttribute('title')).toMatch(/:/)
    await page.keyboard.press('Alt+Shift+PageUp')
    expect(await type(page, 'echo $deck')).toEqual(['first'])
    await tabs(page).nth(1).click()
    expect(await type(page, 'echo "<$deck>"')).toEqual(['<>'])
    await page.getByRole('button', { name: 'Close tab' }).nth(1).click()
    await tabs(page).nth(1).waitFor({ state: 'detached' })
    expect(await type(page, 'echo $deck')).toEqual(['first'])
  })

  test('arrows go along the strip', async () => {
    const page = await open()
    const first = await sessionOf(page)
    await press(page, 'Alt+Shift+N')
    await tabs(page).nth(1).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await sessionOf(page)).toBe(first)
    expect(await tabs(page).first().getAttribute('aria-selected')).toBe('true')
  })

  test('a flood in one that nobody sees leaves the one that is seen its prompt', async () => {
    const page = await open()
    await page.keyboard.insertText('yes flood')
    await page.keyboard.press('Enter')
    await press(page, 'Alt+Shift+N')
    expect(await type(page, 'echo calm')).toEqual(['calm'])
    await page.keyboard.press('Alt+Shift+PageUp')
    await page.keyboard.press('Control+c')
    await prompt(page)
    await page.keyboard.insertText('echo over')
    await page.keyboard.press('Enter')
    await printed(page, 'over')
  })

  test('a bell marks a tab that is not seen, until it is', async () => {
    const page = await open()
    await page.keyboard.insertText("sleep 1; printf '\\a'")
    await page.keyboard.press('Enter')
    await press(page, 'Alt+Shift+N')
    await page.locator('.tab.rung').waitFor()
    await page.keyboard.press('Alt+Shift+PageUp')
    await page.locator('.tab.rung').waitFor({ state: 'detached' })
  })
})

describe('a reload', () => {
  test('brings back tabs, splits, zoom and the focus, each with its shell and its screen', async () => {
    const page = await open()
    await type(page, 'place=one; echo one')
    await press(page, 'Alt+Shift+N')
    await type(page, 'place=two; echo two')
    await press(page, 'Alt+Shift+R')
    await type(page, 'place=three; echo three')
    const before = { lines: await linesOf(page), size: await sizeOf(page) }
    await page.reload()
    await prompt(page)
    await expect.poll(() => tabs(page).count()).toBe(2)
    await expect.poll(() => panes(page).count()).toBe(2)
    await expect.poll(async () => ({ lines: await linesOf(page), size: await sizeOf(page) })).toEqual(before)
    expect(await type(page, 'echo $place')).toEqual(['three'])
    await page.keyboard.press('Alt+Shift+ArrowLeft')
    expect(await type(page, 'echo $place')).toEqual(['two'])
    await page.keyboard.press('Alt+Shift+PageUp')
    expect(await type(page, 'echo $place')).toEqual(['one'])
    await expect.poll(async () => (await type(page, 'stty size'))[0] === (await sizeOf(page))).toBe(true)
  })

  test('leaves out sessions that are gone', async () => {
    const page = await open()
    const first = await sessionOf(page)
    await press(page, 'Alt+Shift+R')
    await page.evaluate(async id => {
      const path = `api/v1/terminals/${id}`
      await fetch(path, { method: 'DELETE' })
      while ((await (await fetch(path)).json()).running) await new Promise(resolve => setTimeout(resolve, 50))
      await fetch(path, { method: 'DELETE' })
    }, first)
    await page.reload()
    await prompt(page)
    expect(await panes(page).count()).toBe(1)
    expect(await sessionOf(page)).not.toBe(first)
  })
})

describe('the address', () => {
  test('names the session that has the focus, and such an address opens it', async () => {
    const page = await open()
    const id = await sessionOf(page)
    expect(page.url()).toMatch(`#terminal=${id}`)
    await choose(page, 'Rename')
    await page.getByRole('textbox', { name: 'Name' }).fill('後甲板')
    await page.keyboard.press('Enter')
    await page.waitForURL(url => decodeURIComponent(url.hash) === '#terminal=後甲板')
    await press(page, 'Alt+Shift+N')
    expect(page.url()).toContain(`#terminal=${await sessionOf(page)}`)

    const other = await page.context().newPage()
    await other.goto(`${new URL('/', page.url())}#terminal=${encodeURIComponent('後甲板')}`)
    await prompt(other)
    expect(await sessionOf(other)).toBe(id)
    await other.close()
  })

  test('of a session that is open in another tab brings that tab forward', async () => {
    const page = await open()
    const first = await sessionOf(page)
    await press(page, 'Alt+Shift+N')
    const loaded = page.waitForEvent('load')
    await page.evaluate(id => {
      location.hash = `#terminal=${id}`
    }, first)
    await loaded
    await until(page, first => globalThis.ditty?.session === first, first)
    await prompt(page)
    expect(await tabs(page).count()).toBe(2)
    expect(await tabs(page).first().getAttribute('aria-selected')).toBe('true')
  })
})

describe('closing', () => {
  test('at a prompt ends the session without a word', async () => {
    const page = await open()
    const first = await sessionOf(page)
    await press(page, 'Alt+Shift+R')
    const second = await sessionOf(page)
    await page.keyboard.press('Alt+Shift+W')
    await panes(page).nth(1).waitFor({ state: 'detached' })
    expect(await sessionOf(page)).toBe(first)
    await expect.poll(() => isRunning(page, second)).toBe(false)
    expect(await type(page, 'echo on')).toEqual(['on'])
  })

  test('asks where a program runs: cancelled it stays, left it runs on, ended it ends', async () => {
    const page = await open()
    await press(page, 'Alt+Shift+R')
    const id = await sessionOf(page)
    await start(page, 'sleep 1000')

    await page.keyboard.press('Alt+Shift+W')
    await dialog(page).getByText('sleep still runs').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await panes(page).count()).toBe(2)

    await page.keyboard.press('Alt+Shift+W')
    await page.getByRole('button', { name: 'Leave it running' }).click()
    await panes(page).nth(1).waitFor({ state: 'detached' })
    expect(await isRunning(page, id)).toBe(true)

    await page.keyboard.press('Alt+Shift+L')
    await dialog(page).getByRole('listitem').filter({ hasText: 'sleep' }).getByRole('button').first().click()
    await until(page, id => ditty.session === id, id)
    await page.keyboard.press('Alt+Shift+W')
    await page.getByRole('button', { name: 'End it' }).click()
    await expect.poll(() => isRunning(page, id)).toBe(false)
  })

  test('the last leaves an empty stage, which opens a new one', async () => {
    const page = await open()
    await page.keyboard.press('Alt+Shift+W')
    await page.getByText('No terminal is open here').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await page.keyboard.press('Enter')
    await until(page, () => ditty.session !== undefined, undefined)
    await prompt(page)
  })
})

describe('the list of sessions', () => {
  test('shows those of the whole server, renames, and asks twice before it ends a program', async () => {
    const page = await open()
    await press(page, 'Alt+Shift+R')
    const id = await sessionOf(page)
    await start(page, 'sleep 1000')
    await page.keyboard.press('Alt+Shift+ArrowLeft')
    await page.keyboard.press('Alt+Shift+L')
    const row = dialog(page).getByRole('listitem').filter({ hasText: 'sleep' })
    await row.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('dog watch')
    await page.keyboard.press('Enter')
    const renamed = dialog(page).getByRole('listitem').filter({ hasText: 'dog watch' })
    await renamed.getByRole('button', { name: 'End', exact: true }).click()
    await renamed.getByRole('button', { name: 'End sleep?' }).click()
    await expect.poll(() => isRunning(page, id)).toBe(false)
    await page.keyboard.press('Escape')
    expect(await type(page, 'echo focused')).toEqual(['focused'])
  })
})

describe('the menu', () => {
  test('is opened by its button, narrowed by typing, and gives the focus back', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Menu' }).click()
    const options = page.getByRole('option')
    expect(await options.count()).toBeGreaterThan(6)
    await page.keyboard.type('zzz')
    await page.getByText('Nothing found').waitFor()
    await page.keyboard.press('Escape')
    expect(await type(page, 'echo back')).toEqual(['back'])
  })

  test('speaks Chinese to a Chinese browser', async () => {
    const page = await open({ locale: 'zh-CN' })
    await page.keyboard.press('Alt+Shift+M')
    await page.getByRole('option', { name: '向右拆分' }).click()
    await panes(page).nth(1).waitFor()
    await page.getByRole('button', { name: '菜单' }).click()
    await page.getByRole('option', { name: '设置…' }).click()
    await page.getByRole('heading', { name: '设置' }).waitFor()
  })

  test('lists all keys in a sheet', async () => {
    const page = await open()
    await choose(page, 'Keys')
    await dialog(page).getByText('Alt+Shift+Z').waitFor()
  })
})

describe('a phone', () => {
  test('shows one terminal at a time and picks the others from a list', async () => {
    const page = await open({ viewport: { width: 390, height: 760 }, hasTouch: true })
    const first = await sessionOf(page)
    await press(page, 'Alt+Shift+R')
    expect(await panes(page).count()).toBe(1)
    await press(page, 'Alt+Shift+N')
    expect(await page.getByRole('tablist').isVisible()).toBe(false)
    await page.getByRole('button', { name: '3 terminals' }).click()
    await dialog(page).getByRole('listitem').first().getByRole('button').first().click()
    await until(page, first => ditty.session === first, first)
    expect(await type(page, 'echo ashore')).toEqual(['ashore'])
  })
})

describe('a server that is stopped', () => {
  test('says so to the page', async () => {
    const short = await startDitty()
    try {
      visited = await visit(browser, short.printedUrl)
      await prompt(visited.page)
    } finally {
      await short.close()
    }
    await visited.page.locator('.status .message').filter({ hasText: 'ditty was stopped' }).waitFor()
    await visited.page.goto('about:blank')
  })
})
