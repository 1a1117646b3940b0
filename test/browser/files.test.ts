import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Download, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchChromium, openShell, printed, prompt, type, type Visit } from './chromium.ts'
import { artifacts, type Ditty, startDitty } from './ditty.ts'
import { placeOf, pointAt } from './links.ts'
import { startWire, type Wire } from './wire.ts'

let server: Ditty
let browser: Browser
let wire: Wire
let visited: Visit
let local: string

const MiB = 1 << 20
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
const row = (page: Page) => page.locator('.transfer')
const detail = (page: Page) => page.locator('.transfer .detail')

async function open(options: Parameters<typeof openShell>[2] = {}): Promise<Page> {
  visited = await openShell(
    browser,
    `http://127.0.0.1:${wire.port}/#token=${encodeURIComponent(server.token)}`,
    options,
  )
  return visited.page
}

/** Drags files of this machine over the terminal as a file manager does; `drop: false` leaves them hanging, `goesOn` moves them on to the status line. */
async function drag(page: Page, paths: string[], { drop = true, goesOn = false } = {}): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  for (const type of [...(goesOn ? [] : ['dragEnter']), 'dragOver', ...(drop ? ['drop'] : [])])
    await devtools.send('Input.dispatchDragEvent', { type: type as 'drop', x: 300, y: goesOn ? 610 : 200, data })
  await devtools.detach()
}

function localFile(name: string, bytes: number): string {
  const path = join(local, name)
  const content = Buffer.alloc(bytes)
  for (let at = 0; at + 4 <= bytes; at += 4) content.writeUInt32LE((at * 2654435761) >>> 0, at)
  writeFileSync(path, content)
  return path
}

/** A directory of its own below the shell's home, where the shell then stands. */
async function stand(page: Page, name: string): Promise<string> {
  await type(page, `mkdir -p '${name}' && cd '${name}'`)
  return join(server.home, name)
}

async function saved(download: Download): Promise<string> {
  const path = join(local, `saved-${crypto.randomUUID()}`)
  await download.saveAs(path)
  return path
}

beforeAll(async () => {
  server = await startDitty()
  wire = await startWire(server.port)
  browser = await launchChromium()
})

beforeEach(async () => {
  local = await mkdtemp(join(tmpdir(), 'ditty-local-'))
})

afterEach(async () => {
  wire.mend()
  expect(visited.faults).toEqual([])
  await visited.page.context().close()
  await rm(local, { recursive: true, force: true })
})

afterAll(async () => {
  await browser?.close()
  await wire?.close()
  await server?.close()
})

test('a folder that is dropped arrives as it is where the shell stands: Chinese names, empty folders, every byte', async () => {
  const page = await open()
  const home = await stand(page, '货舱')
  const tree = join(local, '船上文件')
  mkdirSync(join(tree, '空 文件夹'), { recursive: true })
  mkdirSync(join(tree, '深/处'), { recursive: true })
  const chart = localFile('海图.bin', 3 * MiB + 1)
  writeFileSync(join(tree, '深/处/海图 🧭.bin'), readFileSync(chart))
  for (let count = 0; count < 150; count++) writeFileSync(join(tree, `第${count}页.txt`), `${count}`)
  await drag(page, [tree, chart])
  await page.locator('.transfer[data-phase="done"]').nth(1).waitFor()
  expect(digest(join(home, '海图.bin'))).toBe(digest(chart))
  expect(digest(join(home, '船上文件/深/处/海图 🧭.bin'))).toBe(digest(chart))
  expect(readdirSync(join(home, '船上文件/空 文件夹'))).toEqual([])
  expect(readdirSync(join(home, '船上文件'))).toHaveLength(152)
  expect(readFileSync(join(home, '船上文件/第149页.txt'), 'utf8')).toBe('149')
  expect(await detail(page).allTextContents()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^151 files, 3\.1 MB · in .*货舱$/),
      expect.stringMatching(/^Uploaded, 3\.1 MB/),
    ]),
  )
})

test('while files hang over a terminal it says where they would land, and goes back to what it was', async () => {
  const page = await open()
  const home = await stand(page, 'landing')
  await drag(page, [localFile('a', 10)], { drop: false })
  await page
    .locator('.drop-hint .where')
    .filter({ hasText: `to ${home}` })
    .waitFor()
  await drag(page, [join(local, 'a')], { drop: false, goesOn: true })
  await page.locator('.drop-hint').waitFor({ state: 'hidden' })
})

test('an upload goes on by itself after the wire was cut, from the byte where it was', async () => {
  const page = await open()
  const home = await stand(page, 'cut')
  const path = localFile('big.bin', 96 * MiB)
  await drag(page, [path])
  await expect.poll(() => readdirSync(home).length).toBe(1)
  await page.waitForTimeout(100)
  wire.sever()
  await row(page).and(page.locator('[data-phase="lost"]')).waitFor()
  expect(await detail(page).textContent()).toContain('goes on by itself')
  expect(existsSync(join(home, 'big.bin'))).toBe(false)
  wire.mend()
  await page.locator('.transfer[data-phase="done"]').waitFor()
  expect(digest(join(home, 'big.bin'))).toBe(digest(path))
  expect(readdirSync(home)).toEqual(['big.bin'])
})

test('a cancelled upload leaves nothing behind, and can be tried again', async () => {
  const page = await open()
  const home = await stand(page, 'cancelled')
  const path = join(local, 'huge.bin')
  writeFileSync(path, 'x')
  truncateSync(path, 3 * 1024 * MiB)
  await drag(page, [path])
  await expect.poll(() => readdirSync(home).length).toBe(1)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await detail(page).filter({ hasText: 'Cancelled' }).waitFor()
  await expect.poll(() => readdirSync(home)).toEqual([])
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => readdirSync(home).length).toBe(1)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => readdirSync(home)).toEqual([])
  await page.getByRole('button', { name: 'Dismiss' }).click()
  expect(await page.locator('.transfers').isVisible()).toBe(false)
})

test('what is there already is asked about, once where the answer holds for all', async () => {
  const page = await open()
  const home = await stand(page, 'conflict')
  const paths = ['a', 'b', 'c'].map(name => localFile(name, 100))
  for (const name of ['a', 'b', 'c']) writeFileSync(join(home, name), 'old')
  await drag(page, [paths[0]!])
  await page.getByRole('button', { name: 'Skip' }).click()
  await detail(page).filter({ hasText: 'Skipped' }).waitFor()
  expect(readFileSync(join(home, 'a'), 'utf8')).toBe('old')
  await page.getByRole('button', { name: 'Clear finished' }).click()
  await drag(page, paths)
  await page.getByLabel('Do the same for all that follow').check()
  await page.getByRole('button', { name: 'Replace' }).click()
  await page.locator('.transfer[data-phase="done"]').nth(2).waitFor()
  for (const [index, name] of ['a', 'b', 'c'].entries()) expect(digest(join(home, name))).toBe(digest(paths[index]!))
})

test('files and folders can be chosen without a mouse that drags', async () => {
  const page = await open()
  const home = await stand(page, 'chosen')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Upload files to where the shell stands' }).click()
  await (await chooser).setFiles([localFile('一.txt', 4), localFile('二.txt', 8)])
  await page.locator('.transfer[data-phase="done"]').nth(1).waitFor()
  expect(readdirSync(home).sort()).toEqual(['一.txt', '二.txt'])
  mkdirSync(join(local, 'tree/inner'), { recursive: true })
  writeFileSync(join(local, 'tree/inner/x'), 'x')
  await page.getByRole('button', { name: 'Menu' }).click()
  const folder = page.waitForEvent('filechooser')
  await page.getByRole('option', { name: 'Upload a folder' }).click()
  await (await folder).setFiles(join(local, 'tree'))
  await page.locator('.transfer[data-phase="done"]').nth(2).waitFor()
  expect(readFileSync(join(home, 'tree/inner/x'), 'utf8')).toBe('x')
})

test('a place that takes nothing is told of in the panel', async () => {
  const page = await open()
  await type(page, 'cd /proc/self')
  await drag(page, [localFile('a', 10)])
  await page.locator('.transfer[data-phase="failed"]').waitFor()
  expect(await detail(page).textContent()).toContain('/a: ')
})

test('what ditty send holds out is downloaded when that is pressed, and not before', async () => {
  const page = await open()
  const home = await stand(page, 'send')
  writeFileSync(join(home, '海图.bin'), readFileSync(localFile('海图.bin', 2 * MiB)))
  const downloads: Download[] = []
  page.on('download', download => downloads.push(download))
  await page.keyboard.insertText('ditty send 海图.bin; echo over=$?')
  await page.keyboard.press('Enter')
  const card = page.locator('.offer')
  await card.waitFor()
  expect(await card.locator('.name').textContent()).toBe('海图.bin')
  expect(await card.locator('.detail').textContent()).toContain('2.1 MB')
  await page.waitForTimeout(300)
  expect(downloads).toEqual([])
  const download = page.waitForEvent('download')
  await card.getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('海图.bin')
  expect(digest(await saved(await download))).toBe(digest(join(home, '海图.bin')))
  await card.waitFor({ state: 'detached' })
  await prompt(page)
  expect(await type(page, 'echo')).toEqual([''])
})

test('what is declined is told to the one who sends', async () => {
  const page = await open()
  const home = await stand(page, 'decline')
  writeFileSync(join(home, 'a'), 'a')
  await page.keyboard.insertText('ditty send a . ; echo over=$? > status')
  await page.keyboard.press('Enter')
  await page.locator('.offer').nth(1).waitFor()
  const folder = page.waitForEvent('download')
  await page.locator('.offer').nth(1).getByRole('button', { name: 'Download' }).click()
  expect((await folder).suggestedFilename()).toBe('decline.zip')
  await page.locator('.offer').filter({ hasText: 'a' }).first().getByRole('button', { name: 'Decline' }).click()
  await expect
    .poll(() => existsSync(join(home, 'status')) && readFileSync(join(home, 'status'), 'utf8'))
    .toBe('over=1\n')
})

test('a link to a file shows where it leads, and downloads when that is agreed to', async () => {
  const page = await open()
  const home = await stand(page, '链接')
  writeFileSync(join(home, '海图 1.txt'), 'depths')
  await page.keyboard.insertText(
    String.raw`printf '\e]8;;file://host%s/%%E6%%B5%%B7%%E5%%9B%%BE%%201.txt\e\\%s\e]8;;\e\\\n' "$PWD" CHART`,
  )
  await page.keyboard.press('Enter')
  await printed(page, 'CHART')
  const at = await placeOf(page, 'CHART')
  await expect.poll(() => pointAt(page, at)).toContain('file://host/')
  await page.mouse.click(at.x, at.y)
  const sheet = page.locator('dialog.file-link')
  await sheet.waitFor()
  expect(await sheet.locator('.path').textContent()).toBe(join(home, '海图 1.txt'))
  const download = page.waitForEvent('download')
  await sheet.getByRole('button', { name: 'Download' }).click()
  expect(readFileSync(await saved(await download), 'utf8')).toBe('depths')
  await expect.poll(() => sheet.count()).toBe(0)
})

test.each([
  ['dark', { width: 1000, height: 620 }, 'en-US'],
  ['light', { width: 1000, height: 620 }, 'zh-CN'],
  ['dark', { width: 390, height: 760 }, 'zh-CN'],
] as const)('how it looks: %s, %j, %s', async (colorScheme, viewport, locale) => {
  const name = `files-${colorScheme}-${viewport.width}`
  const page = await open({ colorScheme, viewport, locale })
  const home = await stand(page, name)
  mkdirSync(join(local, 'logs'))
  for (let count = 0; count < 40; count++) writeFileSync(join(local, 'logs', `${count}.log`), 'log')
  writeFileSync(join(home, '海图 第一张.pdf'), Buffer.alloc(4_700_000))
  await page.keyboard.insertText('ditty send 海图* .')
  await page.keyboard.press('Enter')
  await page.locator('.offer').nth(1).waitFor()
  await drag(page, [localFile('core.dump', 10)], { drop: false })
  await page.locator('.drop-hint .where').filter({ hasText: home }).waitFor()
  await page.waitForTimeout(200)
  await page.screenshot({ path: join(artifacts, `${name}-hint.png`) })
  const big = join(local, '内存转储 core.123.gz')
  writeFileSync(big, '')
  truncateSync(big, 4 * 1024 * MiB)
  const locked = localFile('there.txt', 10)
  mkdirSync(join(home, 'there.txt'))
  await drag(page, [locked, join(local, 'logs'), big])
  await page.locator('.transfer[data-phase="done"]').waitFor()
  await page.waitForTimeout(1500)
  await page.screenshot({ path: join(artifacts, `${name}-panel.png`) })
  await page.locator('.transfer[data-phase="going"] .end').click()
})
