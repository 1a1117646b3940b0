import { randomBytes } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium, openShell, prompt, type, until } from '../browser/chromium.ts'
import { buildImage, buildStripped, inside, must, podman } from './podman.ts'

const id = `ditty-test-${randomBytes(4).toString('hex')}`
const [target, server] = [`${id}-target`, `${id}-ditty`]
let browser: Browser

beforeAll(async () => {
  await buildStripped()
  await buildImage()
  browser = await launchChromium()
  await must('run', '--detach', '--network', 'none', '--read-only', '--name', target, 'localhost/ditty-test-target')
  // Beside it as `kubectl debug --target` puts it, but on the host's network, which the browser can reach.
  const flags = ['--network', 'host', '--pid', `container:${target}`, '--user', '0', '--cap-add', 'SYS_PTRACE']
  await must('run', '--detach', ...flags, '--name', server, 'ditty', 'serve', '--port', '0')
}, 600_000)

afterAll(async () => {
  await browser.close()
  await podman('rm', '--force', '--time', '0', server, target)
})

async function address(): Promise<string> {
  const told = () => inside(server, 'ditty', 'url')
  await expect.poll(async () => (await told()).status).toBe(0)
  return (await told()).stdout.trim()
}

test('the page lists the containers beside it, and one that is picked is entered in a tab named after it', async () => {
  const { page, faults } = await openShell(browser, await address())
  await page.keyboard.press('Alt+Shift+M')
  await page.getByRole('combobox', { name: 'Find a command' }).fill('enter')
  await page.keyboard.press('Enter')
  const label = (await must('inspect', '--format', '{{.Id}}', target)).slice(0, 12)
  const entry = page.getByRole('dialog').getByRole('button', { name: label })
  await entry.waitFor()
  expect(await entry.textContent()).toMatch(/podman · 1 process$/)
  await page.screenshot({ path: 'artifacts/containers.png' })
  const before = await page.evaluate(() => ditty.session)
  await entry.click()
  await until(page, before => ditty.session !== undefined && ditty.session !== before, before)
  await prompt(page)
  expect(await type(page, 'ls -d /httpd /ditty; ps -p 1 -o args=')).toEqual([
    expect.stringContaining('/ditty: No such file or directory'),
    '/httpd',
    '/httpd -f -p 8080 -h /',
  ])
  expect(await page.getByRole('tab', { selected: true }).textContent()).toContain(label)
  await page.screenshot({ path: 'artifacts/entered.png' })
  expect(faults).toEqual([])
})
