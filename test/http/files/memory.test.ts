import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { type RequestOptions, request } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openJail } from '../../kernel/root/jail.ts'
import { serveApart } from '../transfers/apart.ts'

const MiB = 1 << 20
/** Past what 32 bits count. */
const large = 5 * 1024 * MiB
/** See transfers/memory.test.ts. */
const allowedBytes = 48 * MiB

async function openApart() {
  const jail = await openJail()
  onTestFinished(() => jail[Symbol.asyncDispose]())
  const server = await serveApart()
  return { ...server, jail, address: (name: string) => `${server.url}/api/v1/files/${name}?target=${jail.pid}` }
}

/** Sends as many zeros as the headers tell, forgets the answer, and gives its status and length. */
const exchange = (url: string, options: RequestOptions, bodyBytes = 0) =>
  new Promise<{ status: number | undefined; length: number }>((resolve, reject) => {
    const asked = request(url, { ...options, agent: false }, response => {
      let length = 0
      response
        .on('data', bytes => (length += bytes.length))
        .on('end', () => resolve({ status: response.statusCode, length }))
        .on('error', reject)
    })
    asked.on('error', reject)
    const zeros = Buffer.alloc(MiB)
    let left = bodyBytes
    const fill = () => {
      while (left > 0) {
        left -= MiB
        if (!asked.write(zeros) && left > 0) return void asked.once('drain', fill)
      }
      asked.end()
    }
    fill()
  })

test('5 GiB goes up in two parts, and the server keeps none of it', {
  timeout: 480_000,
}, async () => {
  const { jail, address, headers, grows } = await openApart()
  const half = large / 2
  const part = (from: number, to: number) => ({
    method: 'PUT',
    headers: { ...headers, 'Content-Range': `bytes ${from}-${to - 1}/${large}`, 'Content-Length': to - from },
  })
  const grown = await grows(async () => {
    expect((await exchange(address('a'), part(0, half), half)).status).toBe(202)
    expect((await exchange(address('a'), part(half, large), half)).status).toBe(201)
  })
  expect(statSync(join(jail.inside, 'a')).size).toBe(large)
  expect(grown).toBeLessThan(allowedBytes)
})

test('5 GiB comes down, one of them also in a tar, and the server keeps none of it', { timeout: 480_000 }, async () => {
  const { jail, address, headers, grows } = await openApart()
  writeFileSync(join(jail.inside, 'sparse'), '')
  truncateSync(join(jail.inside, 'sparse'), large)
  mkdirSync(join(jail.inside, 'folder'))
  writeFileSync(join(jail.inside, 'folder/a'), '')
  truncateSync(join(jail.inside, 'folder/a'), 1024 * MiB)
  const grown = await grows(async () => {
    expect(await exchange(address('sparse'), { headers })).toEqual({ status: 200, length: large })
    const { length } = await exchange(`${address('folder')}&archive=tar`, { headers })
    expect(length).toBeGreaterThan(1024 * MiB)
  })
  expect(grown).toBeLessThan(allowedBytes)
})

test('a folder of a hundred thousand streams, and the server keeps none of it', { timeout: 480_000 }, async () => {
  const { jail, address, headers, grows } = await openApart()
  for (let i = 0; i < 100_000; i++) writeFileSync(join(jail.inside, `${i}`), '')
  const lines = { ...headers, Accept: 'application/x-ndjson' }
  const grown = await grows(async () => {
    const { status, length } = await exchange(address(''), { headers: lines })
    expect(status).toBe(200)
    expect(length).toBeGreaterThan(100_000 * 100)
  })
  expect(grown).toBeLessThan(allowedBytes)
})
