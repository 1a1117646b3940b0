import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { ask, serve, token, until } from './serve.ts'

const bearer = { Authorization: `Bearer ${token}` }

test('a taken port is passed over for the next free one, which the answer tells', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void blocker.close())
  await once(blocker, 'listening')
  const taken = (blocker.address() as AddressInfo).port
  const { port, url } = await serve({ port: taken })
  expect(port).toBeGreaterThan(taken)
  expect(url).toBe(`http://127.0.0.1:${port}`)
  expect((await ask(`${url}/readyz`)).status).toBe(200)
})

test('an address that is not ours is a clear error', async () => {
  await expect(serve({ host: '192.0.2.1' })).rejects.toMatchObject({
    code: 'invalid_input',
    message: '192.0.2.1 is no address of this machine',
  })
})

test('on every interface, the address a request came to is a Host that passes', async () => {
  const { port } = await serve({ host: '0.0.0.0' })
  const status = async (Host: string) =>
    (await ask(`http://127.0.0.2:${port}/api/v1/tools`, { headers: { ...bearer, Host } })).status
  expect(await status(`127.0.0.2:${port}`)).toBe(200)
  expect(await status(`127.0.0.3:${port}`)).toBe(403)
})

test('it serves on IPv6 too', async () => {
  const { url } = await serve({ host: '::1' })
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect((await ask(`${url}/api/v1/tools`, { headers: bearer })).status).toBe(200)
})

test('a stop closes idle, unused and half-spoken connections, and takes no new ones', async () => {
  const { url, port, close } = await serve()
  const unused = connect(port, '127.0.0.1')
  const half = connect(port, '127.0.0.1')
  half.write('GET / HTTP/1.1\r\n')
  await fetch(`${url}/healthz`)
  const ended = Promise.all([once(unused.resume(), 'close'), once(half.resume(), 'close')])
  await close()
  await ended
  await expect(ask(`${url}/healthz`)).rejects.toThrow('ECONNREFUSED')
})

test('a stop before anything is loaded, and a second one, are fine', async () => {
  const { close, loaded } = await serve()
  await Promise.all([close(), close()])
  await expect(loaded).rejects.toMatchObject({ code: 'cancelled' })
})

test('a log that can not be written ends no server, and is told of once', async () => {
  const script = `
    import { startServer } from './server/http/server.ts'
    const server = await startServer({
      registry: [], context: {}, version: '0', token: 'x', instance: 'x', environment: {}, port: 0, accessLog: 999,
    })
    for (let asked = 0; asked < 3; asked++) {
      await (await fetch(server.url + '/healthz')).text()
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    await server.close()
    console.log('closed')`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(stdout).toBe('closed\n')
  expect(stderr.match(/the access log can't be written/g)).toHaveLength(1)
})

test('the access log has one JSON line an answer, and no secret', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'log-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'log')
  const descriptor = openSync(file, 'a')
  onTestFinished(() => closeSync(descriptor))
  const { url, close } = await serve({ accessLog: descriptor })
  await ask(`${url}/api/v1/tools/counting?upTo=1&words=hidden`, { headers: bearer })
  await ask(`${url}/api/v1/tools?token=${token}`, {
    headers: { Cookie: 'ditty-test=hidden', Authorization: 'Bearer hidden' },
  })
  await ask(`${url}/healthz`)
  await close()
  await until(() => readFileSync(file, 'utf8').split('\n').length > 3)
  const text = readFileSync(file, 'utf8')
  expect(text).not.toMatch(/hidden|test-token/)
  const lines = text.trim().split('\n')
  const entries = lines.map(line => JSON.parse(line)).sort((a, b) => a.path.localeCompare(b.path))
  expect(entries).toMatchObject([
    { level: 'info', method: 'GET', path: '/api/v1/tools', status: 401 },
    { level: 'info', method: 'GET', path: '/api/v1/tools/counting', status: 200, remoteAddress: '127.0.0.1' },
    { level: 'info', method: 'GET', path: '/healthz', status: 200 },
  ])
})
