import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask, serve } from './serve.ts'

async function page(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'page-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await writeFile(join(directory, 'index.html'), '<!doctype html><script src="/main-Q3XLAB2M.js"></script>')
  await writeFile(join(directory, 'main-Q3XLAB2M.js'), 'run()')
  await writeFile(join(directory, 'main-Q3XLAB2M.css'), 'a {}')
  await writeFile(join(directory, 'plain-name.woff2'), 'font')
  await writeFile(join(directory, '.secret'), 'secret')
  return directory
}

test('the page comes without a token, asked for anew each time, under a strict policy', async () => {
  const { url } = await serve({ pageDirectory: await page() })
  const { status, headers, body } = await ask(`${url}/`)
  expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining('<!doctype html>') })
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  })
})

test('assets with a hash in their name are kept for ever, others are not', async () => {
  const { url } = await serve({ pageDirectory: await page() })
  const cache = async (path: string) => (await ask(url + path)).headers['cache-control']
  expect(await cache('/main-Q3XLAB2M.js')).toBe('public, max-age=31536000, immutable')
  expect(await cache('/main-Q3XLAB2M.css')).toBe('public, max-age=31536000, immutable')
  expect(await cache('/plain-name.woff2')).toBe('no-cache')
})

test('a page that did not change is not sent again', async () => {
  const { url } = await serve({ pageDirectory: await page() })
  const { headers } = await ask(`${url}/`)
  const again = await ask(`${url}/`, { headers: { 'If-None-Match': headers.etag ?? '' } })
  expect(again).toMatchObject({ status: 304, body: '' })
})

test.each([
  '/../server.ts',
  '/..%2f..%2fetc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/.secret',
  '/a%00b',
  '//etc/passwd',
  '/nothing.js',
])('nothing else is served: %s', async path => {
  const { port } = await serve({ pageDirectory: await page() })
  const { status, body } = await ask(`http://127.0.0.1:${port}`, { path })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(JSON.parse(body)).toMatchObject({ code: expect.any(String) })
})
