import { randomBytes } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchChromium, openShell, prompt, type, until } from '../browser/chromium.ts'
import { inside, must, podman } from './podman.ts'
import { buildAll, idOf, kinds, type TargetKind, targets, treeOf } from './targets.ts'

let browser: Browser

beforeAll(async () => {
  await buildAll()
  browser = await launchChromium()
}, 600_000)
afterAll(() => browser.close())

/** Ditty beside a target as `kubectl debug --target` puts it, but on the host's network, which the browser can reach. */
async function startBeside(kind: TargetKind) {
  const id = `ditty-test-${randomBytes(4).toString('hex')}`
  const [target, server] = [`${id}-target`, `${id}-ditty`]
  onTestFinished(async () => {
    // One after the other: a container whose namespace another is in can't be removed.
    for (const name of [server, target]) await podman('rm', '--force', '--time', '0', name)
  })
  await must('run', '--detach', '--network', 'none', '--name', target, ...targets[kind])
  const flags = ['--network', 'host', '--pid', `container:${target}`, '--user', '0', '--cap-add', 'SYS_PTRACE']
  await must('run', '--detach', ...flags, '--name', server, 'ditty', 'serve', '--port', '0')
  const told = () => inside(server, 'ditty', 'url')
  await expect.poll(async () => (await told()).status).toBe(0)
  return { target, address: (await told()).stdout.trim() }
}

test.each(kinds)(
  'the page lists what is beside it, enters it in a tab named after it, and leaves it as it was: %s',
  async kind => {
    const { target, address } = await startBeside(kind)
    const before = await treeOf(target)
    const { page, faults } = await openShell(browser, address)
    await page.keyboard.press('Alt+Shift+M')
    await page.getByRole('combobox', { name: 'Find a command' }).fill('enter')
    await page.keyboard.press('Enter')
    const label = (await idOf(target)).slice(0, 12)
    const entry = page.getByRole('dialog').getByRole('button', { name: label })
    await entry.waitFor()
    expect(await entry.textContent()).toMatch(/podman · 1 process$/)
    await page.screenshot({ path: 'artifacts/containers.png' })
    const shell = await page.evaluate(() => ditty.session)
    await entry.click()
    await until(page, shell => ditty.session !== undefined && ditty.session !== shell, shell)
    await prompt(page)
    expect(await type(page, 'ls -d /ditty /proc/1/root/proc; echo $(ps -p 1 -o pid=) 你好')).toEqual([
      expect.stringMatching(/ditty'?: No such file or directory/),
      '/proc/1/root/proc',
      '1 你好',
    ])
    expect(await page.getByRole('tab', { selected: true }).textContent()).toContain(label)
    await page.screenshot({ path: 'artifacts/entered.png' })
    expect(await treeOf(target)).toBe(before)
    expect(faults).toEqual([])
  },
)
