import { execFileSync } from 'node:child_process'
import { closeSync, openSync, statSync, truncateSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveApart } from './apart.ts'
import { makeDirectory } from './shore.ts'

const MiB = 1 << 20
const GiB = 1024 * MiB
/** Past what 32 bits count. */
const large = 5 * GiB
/** As the page cuts a file; see web/files. */
const sliceBytes = 8 * MiB
/**
 * Two buffers of a quarter MiB and what the socket and V8 hold for a while; a file that was kept would show as a thousand. Freed
 * buffers return to the system late, so this is far above what is in use.
 */
const allowedBytes = 48 * MiB

async function sparseFile(directory: string, bytes: number): Promise<void> {
  closeSync(openSync(join(directory, 'sparse'), 'w'))
  truncateSync(join(directory, 'sparse'), bytes)
}

/** Reads an answer and forgets it; gives its length. */
const lengthOf = (url: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    request(url, { headers, agent: false }, response => {
      let length = 0
      response
        .on('data', bytes => (length += bytes.length))
        .on('end', () => resolve(length))
        .on('error', reject)
    }).end()
  })

test('5 GiB goes up in slices and the server keeps none of it', { timeout: 480_000 }, async () => {
  const directory = await makeDirectory()
  const { url, headers, json, terminal, grows } = await serveApart()
  const begun = await json(`${await terminal(directory)}/uploads`, { path: 'a', sizeBytes: large })
  const address = url + begun.headers.get('Location')
  const slice = new Uint8Array(sliceBytes)
  const grown = await grows(async () => {
    for (let offset = 0; offset < large; offset += sliceBytes) {
      const from = { 'Content-Type': 'application/partial-upload', 'Upload-Offset': String(offset) }
      const answer = await fetch(address, { method: 'PATCH', body: slice, headers: { ...headers, ...from } })
      expect(answer.status).toBe(204)
    }
  })
  expect(statSync(join(directory, 'a')).size).toBe(large)
  expect(grown).toBeLessThan(allowedBytes)
})

test('5 GiB comes down and the server keeps none of it', { timeout: 480_000 }, async () => {
  const directory = await makeDirectory()
  await sparseFile(directory, large)
  const { url, headers, terminal, grows } = await serveApart()
  const address = `${url}${await terminal(directory)}/files?path=sparse`
  const grown = await grows(async () => expect(await lengthOf(address, headers)).toBe(large))
  expect(grown).toBeLessThan(allowedBytes)
})

test('a folder with more than 4 GiB is a zip that others can read, and the server keeps none of it', {
  timeout: 480_000,
}, async () => {
  const directory = await makeDirectory()
  const into = await makeDirectory()
  await sparseFile(directory, 4 * GiB + 5)
  const { url, terminal, grows } = await serveApart()
  const address = `${url}${await terminal(directory)}/files?path=.&archive=zip`
  const zip = join(into, 'a.zip')
  const grown = await grows(async () => {
    const { spawn } = await import('node:child_process')
    const fetched = spawn('curl', [
      '-sSf',
      '-H',
      'Authorization: Bearer test-token-of-43-characters',
      '-o',
      zip,
      address,
    ])
    expect(await new Promise(resolve => fetched.on('close', resolve))).toBe(0)
  })
  const script = `import zipfile,sys;print([i.file_size for i in zipfile.ZipFile(sys.argv[1]).infolist()])`
  expect(execFileSync('python3', ['-c', script, zip]).toString().trim()).toBe(`[0, ${4 * GiB + 5}]`)
  expect(grown).toBeLessThan(allowedBytes)
})
