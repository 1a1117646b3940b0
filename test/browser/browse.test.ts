import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { mountSilentFuse } from '../kernel/fuse/silent-fuse.ts'
import { launchChromium, openShell, type, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'

let server: Ditty
let browser: Browser
let visited: Visit
let folder: string

beforeAll(async () => {
  server = await startDitty()
  browser = await launchChromium()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ditty-browse-'))
})

afterEach(async () => {
  expect(visited.faults).toEqual([])
  await visited.page.context().close()
  await rm(folder, { recursive: true, force: true })
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const drawer = (page: Page) => page.getByRole('complementary', { name: 'Files of a container' })
const entries = (page: Page) => drawer(page).locator('.entry .entry-name')
const entry = (page: Page, name: string) =>
  drawer(page).locator('.entry', { has: page.locator('.entry-name', { hasText: name }) })
const content = (page: Page) => drawer(page).locator('pre.content')
const tool = (page: Page, name: string) => drawer(page).getByRole('button', { name })
const note = (page: Page) => drawer(page).getByRole('status')
const inDialog = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })

async function goTo(page: Page, path: string): Promise<void> {
  await drawer(page).getByLabel('Path', { exact: true }).fill(path)
  await page.keyboard.press('Enter')
  await expect.poll(() => drawer(page).getAttribute('aria-busy')).toBe('false')
}

/** The files of ditty itself, at the test's own folder. */
async function open(path = folder, options: Parameters<typeof openShell>[2] = {}): Promise<Page> {
  visited = await openShell(browser, server.printedUrl, options)
  const { page } = visited
  await page.keyboard.press('Alt+Shift+F')
  await drawer(page).getByLabel('Container').selectOption('self')
  await entry(page, 'proc').waitFor()
  await goTo(page, path)
  return page
}

test('a folder is walked by keys and pointer: Chinese names, names of any bytes, a filter, up again, and back to the terminal', async () => {
  mkdirSync(join(folder, '货舱/空的'), { recursive: true })
  writeFileSync(join(folder, '货舱/海图 10.txt'), '港口')
  writeFileSync(join(folder, '货舱/海图 9.txt'), 'x'.repeat(12_345))
  const strange = Buffer.concat([Buffer.from(`${folder}/货舱/`), Buffer.from([0x6e, 0xff, 0x25])])
  writeFileSync(strange, 'of any bytes')
  const page = await open()
  await expect.poll(() => entries(page).allTextContents()).toEqual(['货舱'])
  await page.keyboard.press('Enter')
  await expect.poll(() => entries(page).allTextContents()).toEqual(['空的', 'n%FF%25', '海图 9.txt', '海图 10.txt'])
  expect(await note(page).textContent()).toBe('1 folder, 3 files, 12.4 KB')
  expect(await entry(page, '海图 9').locator('.entry-size').textContent()).toBe('12.3 KB')
  await page.screenshot({ path: `${artifacts}/browse-folder.png` })
  await entry(page, 'n%FF%25').click()
  await expect.poll(() => content(page).textContent()).toBe('of any bytes')
  await page.keyboard.press('Backspace')
  await page.locator('.entry:focus', { hasText: 'n%FF%25' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.locator('.entry:focus', { hasText: '海图 9' }).waitFor()
  await page.keyboard.press('1')
  await expect.poll(() => entries(page).allTextContents()).toEqual(['海图 10.txt'])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => content(page).textContent()).toBe('港口')
  await tool(page, '货舱').click()
  await page.locator('.entry:focus', { hasText: '海图 10' }).waitFor()
  await tool(page, 'Size').click()
  await expect.poll(() => entries(page).first().textContent()).toBe('空的')
  expect(await entries(page).allTextContents()).toEqual(['空的', '海图 9.txt', 'n%FF%25', '海图 10.txt'])
  await page.keyboard.press('Escape')
  expect(await type(page, 'echo back in the terminal')).toEqual(['back in the terminal'])
  await page.keyboard.press('Alt+Shift+F')
  await drawer(page).waitFor({ state: 'hidden' })
})

test('a file is edited in place, keeping its mode; a change by somebody else meanwhile is not lost unseen', async () => {
  const path = join(folder, 'app.conf')
  writeFileSync(path, 'depth = 3\n', { mode: 0o640 })
  const page = await open(path)
  await tool(page, 'Edit').click()
  const editor = drawer(page).getByRole('textbox', { name: 'Edit' })
  await editor.fill('depth = 4\n名称 = 港口\n')
  await page.screenshot({ path: `${artifacts}/browse-edit.png` })
  await tool(page, 'Save').click()
  await expect.poll(() => note(page).textContent()).toMatch(/^Saved/)
  expect(readFileSync(path, 'utf8')).toBe('depth = 4\n名称 = 港口\n')
  expect(statSync(path).mode & 0o777).toBe(0o640)
  await tool(page, 'Edit').click()
  await editor.fill('depth = 5\n')
  writeFileSync(path, 'depth = 99\n')
  await tool(page, 'Save').click()
  await inDialog(page, 'Back to the editor').click()
  expect(readFileSync(path, 'utf8')).toBe('depth = 99\n')
  expect(await editor.inputValue()).toBe('depth = 5\n')
  await tool(page, 'Save').click()
  await inDialog(page, 'Replace it with mine').click()
  await expect.poll(() => note(page).textContent()).toMatch(/^Saved/)
  expect(readFileSync(path, 'utf8')).toBe('depth = 5\n')
})

test('the end of a file is followed as it grows, is cut short and is replaced', async () => {
  const path = join(folder, 'app.log')
  writeFileSync(path, `${'before\n'.repeat(20_000)}last line\n`)
  const page = await open(path)
  await tool(page, 'Follow its end').click()
  await expect.poll(() => content(page).textContent()).toMatch(/before\nlast line\n$/)
  expect((await content(page).textContent())?.length).toBeLessThanOrEqual(64 * 1024)
  appendFileSync(path, '靠岸\n')
  await expect.poll(() => content(page).textContent(), { timeout: 5000 }).toMatch(/last line\n靠岸\n$/)
  truncateSync(path, 0)
  appendFileSync(path, 'anew\n')
  await expect.poll(() => content(page).textContent(), { timeout: 5000 }).toMatch(/from its beginning ──\nanew\n$/)
  writeFileSync(join(folder, 'next'), 'rotated\n')
  renameSync(join(folder, 'next'), path)
  await expect.poll(() => content(page).textContent(), { timeout: 5000 }).toMatch(/from its beginning ──\nrotated\n$/)
  await tool(page, 'Stop following').click()
  await expect.poll(() => content(page).textContent()).toBe('rotated\n')
})

test('files go up into the folder that is open, and come down, one by one and as a zip', async () => {
  writeFileSync(join(folder, 'there.txt'), 'old')
  const source = await mkdtemp(join(tmpdir(), 'ditty-local-'))
  const chart = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 31) & 255))
  writeFileSync(join(source, '海图.bin'), chart)
  writeFileSync(join(source, 'there.txt'), 'new')
  const page = await open()
  const choosing = page.waitForEvent('filechooser')
  await tool(page, 'Upload files here').click()
  await (await choosing).setFiles([join(source, '海图.bin'), join(source, 'there.txt')])
  await inDialog(page, 'Replace').click()
  await expect.poll(() => entries(page).allTextContents()).toEqual(['there.txt', '海图.bin'])
  expect(readFileSync(join(folder, '海图.bin')).equals(chart)).toBe(true)
  expect(readFileSync(join(folder, 'there.txt'), 'utf8')).toBe('new')
  const archiving = page.waitForEvent('download')
  await tool(page, 'Download as a zip').click()
  expect((await archiving).suggestedFilename()).toMatch(/^ditty-browse-.*\.zip$/)
  await entry(page, '海图.bin').click()
  await expect.poll(() => content(page).textContent()).toMatch(/^00000000 {2}00 1f 3e 5d/)
  const loading = page.waitForEvent('download')
  await tool(page, 'Download').click()
  const kept = join(source, 'kept')
  await (await loading).saveAs(kept)
  expect(readFileSync(kept).equals(chart)).toBe(true)
  await rm(source, { recursive: true })
})

test('a folder is made, and a file and a folder are removed once it is said twice', async () => {
  const page = await open()
  await tool(page, 'New folder').click()
  await page.getByRole('dialog').getByRole('textbox').fill('新 文件夹')
  await inDialog(page, 'Make').click()
  await page.locator('.entry:focus', { hasText: '新 文件夹' }).waitFor()
  writeFileSync(join(folder, '新 文件夹/a'), '')
  await page.keyboard.press('Enter')
  await entry(page, 'a').click()
  await tool(page, 'Remove this file').click()
  await inDialog(page, 'Cancel').click()
  expect(existsSync(join(folder, '新 文件夹/a'))).toBe(true)
  await tool(page, 'Remove this file').click()
  await inDialog(page, 'Remove').click()
  await expect.poll(() => existsSync(join(folder, '新 文件夹/a'))).toBe(false)
  await tool(page, 'Remove this folder').click()
  await inDialog(page, 'Remove').click()
  await expect.poll(() => existsSync(join(folder, '新 文件夹'))).toBe(false)
})

test('what is not there, is no file to be read, or is bad text is said in words, and the drawer goes on', async () => {
  const page = await open()
  await goTo(page, `${folder}/nowhere`)
  await expect.poll(() => note(page).textContent()).toMatch(/nowhere.*(no such file|not there|does not exist)/i)
  await goTo(page, '/dev/null')
  await expect.poll(() => content(page).textContent()).toBe('A device: it is not read.')
  await goTo(page, folder)
  await expect.poll(() => note(page).textContent()).toBe('0 folders, 0 files, 0 B')
})

test('names are searched in all folders below: what is found comes at once, opens, and leads back', async () => {
  mkdirSync(join(folder, '货舱/下层'), { recursive: true })
  for (const name of ['a [1].conf', '货舱/下层/海图.CONF', '货舱/other.txt']) writeFileSync(join(folder, name), name)
  const strange = Buffer.concat([Buffer.from(`${folder}/货舱/`), Buffer.from([0xff]), Buffer.from('.conf')])
  writeFileSync(strange, 'of any bytes')
  const page = await open()
  const filter = drawer(page).getByRole('searchbox')
  await filter.fill('.conf')
  await page.keyboard.press('Enter')
  await expect.poll(() => note(page).textContent()).toBe('3 found')
  const found = async () => (await entries(page).allTextContents()).sort()
  expect(await found()).toEqual(['a [1].conf', '货舱/%FF.conf', '货舱/下层/海图.CONF'])
  await tool(page, 'Stop searching').waitFor({ state: 'hidden' })
  await page.screenshot({ path: `${artifacts}/browse-search.png` })
  await entry(page, '海图').click()
  await expect.poll(() => content(page).textContent()).toBe('货舱/下层/海图.CONF')
  await goTo(page, folder)
  await filter.fill('ff.CONF')
  await tool(page, 'Search all folders below').click()
  await entry(page, '.conf').waitFor({ state: 'detached' })
  await expect.poll(() => note(page).textContent()).toBe('0 found')
  await filter.fill('海?.conf')
  await page.keyboard.press('Enter')
  await expect.poll(found).toEqual(['货舱/下层/海图.CONF'])
})

test('a search says which mount did not answer, goes on beside it, and stops when it is told to', async () => {
  mkdirSync(join(folder, 'dead'))
  mkdirSync(join(folder, 'later'))
  writeFileSync(join(folder, 'later/app.log'), '')
  await using _fuse = await mountSilentFuse(join(folder, 'dead'))
  const page = await open()
  const filter = drawer(page).getByRole('searchbox')
  await filter.fill('app')
  await page.keyboard.press('Enter')
  await tool(page, 'Stop searching').click()
  await expect.poll(() => note(page).textContent()).toMatch(/^Stopped; \d found so far$/)
  await filter.press('Enter')
  await expect.poll(() => note(page).textContent(), { timeout: 20_000 }).toMatch(/^1 found; not searched: .*\/dead: /)
})

test('a mount that never answers is told of in time, and what stands beside it is there', async () => {
  mkdirSync(join(folder, 'dead'))
  writeFileSync(join(folder, 'alive'), 'alive')
  await using _fuse = await mountSilentFuse(join(folder, 'dead'))
  const page = await open()
  await expect.poll(() => entries(page).allTextContents(), { timeout: 20_000 }).toEqual(['dead', 'alive'])
  await entry(page, 'dead').click()
  await expect
    .poll(() => note(page).textContent(), { timeout: 20_000 })
    .toMatch(/dead: the fuse\S* mounted there does not answer/)
  await entry(page, 'alive').click()
  await expect.poll(() => content(page).textContent()).toBe('alive')
})

test('on a phone the files stand over the terminal, in Chinese, and every line fits', async () => {
  writeFileSync(join(folder, `${'很长的名字'.repeat(16)}.txt`), '')
  visited = await openShell(browser, server.printedUrl, { locale: 'zh-CN', viewport: { width: 390, height: 700 } })
  const { page } = visited
  await page.keyboard.press('Alt+Shift+F')
  const box = page.getByRole('complementary', { name: '容器中的文件' })
  await box.getByLabel('路径', { exact: true }).fill(folder)
  await page.keyboard.press('Enter')
  await box.locator('.entry').filter({ hasText: '很长' }).waitFor()
  await page.screenshot({ path: `${artifacts}/browse-phone.png` })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await page.keyboard.press('Escape')
  await box.getByRole('button', { name: '关闭' }).click()
  expect(await type(page, 'echo 回到终端')).toEqual(['回到终端'])
})
