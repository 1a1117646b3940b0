import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, linesOf, openShell, printed, prompt, shown, type, until, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'
import { Reader } from './reader.ts'

let server: Ditty
let browser: Browser
let visited: Visit

async function open(options: Parameters<typeof openShell>[2] = {}) {
  visited = await openShell(browser, server.printedUrl, options)
  const { page } = visited
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  return page
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

/** As a person does it: from the system's clipboard, by the browser's own keys. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(text => navigator.clipboard.writeText(text), text)
  await page.keyboard.press('Control+Shift+V')
}

const dialog = (page: Page) => page.getByRole('dialog')

/** Presses one of the question's buttons, and waits until what that does is done. */
async function answer(page: Page, name: string): Promise<void> {
  await dialog(page).getByRole('button', { name, exact: true }).click()
  await page.locator('dialog').waitFor({ state: 'detached' })
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const megabyte = Array.from({ length: 16_384 }, (_, line) => `${line} `.padEnd(63, '漢字 and text '))
  .join('\n')
  .slice(0, 1_000_000)

describe('a million characters', () => {
  test('reach a program that reads raw bytes, every one of them', async () => {
    const page = await open()
    const bytes = Buffer.byteLength(megabyte)
    await page.keyboard.insertText(`stty raw -echo; printf ready; head -c ${bytes} | sha256sum; stty sane`)
    await page.keyboard.press('Enter')
    await until(
      page,
      () => {
        const { active } = ditty.terminal.buffer
        return (
          active
            .getLine(active.baseY + active.cursorY)
            ?.translateToString(true)
            .endsWith('ready') ?? false
        )
      },
      undefined,
    )
    await paste(page, megabyte)
    await answer(page, 'Paste')
    await shown(page, sha256(megabyte.replaceAll('\n', '\r')))
  })

  test("reach bash's own line, as bracketed paste, and nothing of it runs", async () => {
    const page = await open()
    const text = megabyte.slice(0, 100_000)
    await page.keyboard.insertText("sum=$(sha256sum <<< '")
    await paste(page, text)
    await answer(page, 'Paste')
    await page.keyboard.insertText("'); clear; echo $sum")
    await page.keyboard.press('Enter')
    await printed(page, `${sha256(`${text}\n`)} -`)
  })
})

describe('before a paste could do harm', () => {
  test('an end of bracketed paste inside it is shown, and left out', async () => {
    const page = await open()
    await paste(page, 'echo good\x1b[201~\recho evil\r')
    await dialog(page).getByText('will be left out').waitFor()
    expect(await dialog(page).locator('mark').allTextContents()).toEqual(['^['])
    await page.screenshot({ path: `${artifacts}/paste-hidden.png` })
    await answer(page, 'Paste')
    await page.keyboard.press('Control+c')
    await prompt(page)
    expect(await linesOf(page)).not.toContain('evil')
  })

  test('lines are asked about where the program would run each, not where it knows a paste', async () => {
    const page = await open()
    const lines = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n')
    await paste(page, 'echo one\necho two')
    await page.keyboard.press('Control+c')
    expect(await dialog(page).count()).toBe(0)
    const reader = await Reader.start(page, server.home)
    await page.evaluate(() => ditty.terminal.write('\x1b[?2004l'))
    await paste(page, lines)
    await dialog(page).getByText('and 22 more lines').waitFor()
    await page.screenshot({ path: `${artifacts}/paste-lines.png` })
    await answer(page, 'Cancel')
    expect(await reader.take()).toBe('')
    await paste(page, lines)
    await answer(page, 'Paste as one line')
    expect(await reader.take()).toBe(lines.replaceAll('\n', ' '))
    await paste(page, lines)
    await page.getByLabel("Don't ask about lines again").check()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await paste(page, lines)
    await page.getByLabel("Don't ask about lines again").check()
    await answer(page, 'Paste')
    await paste(page, 'a\nb')
    expect(await reader.take()).toBe(`${lines}\na\nb`.replaceAll('\n', '\r').replace('\ra\r', 'a\r'))
    expect(await dialog(page).count()).toBe(0)
  })

  test('the question is Chinese in a Chinese browser, and reads well by day', async () => {
    const page = await open({ locale: 'zh-CN', colorScheme: 'light' })
    await paste(page, 'kubectl get pods\n'.repeat(300))
    await dialog(page).getByRole('heading', { name: '粘贴 300 行？' }).waitFor()
    await page.screenshot({ path: `${artifacts}/paste-chinese.png` })
    await answer(page, '取消')
    expect(await type(page, 'echo calm')).toEqual(['calm'])
  })
})
