import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { token } from '../serve.ts'

/** As the image runs it where 128 MiB are allowed; with 24 GB in sight V8 would put off collecting. */
const asInLittleMemory = ['--max-semi-space-size=4', '--max-old-space-size=64']

/** A server in a process of its own, so that it can be another user and its memory be watched. */
export async function serveApart(options: { uid?: number; gid?: number } = {}) {
  const script = join(import.meta.dirname, 'server.ts')
  const server = spawn(process.execPath, [...asInLittleMemory, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...options,
  })
  onTestFinished(async () => {
    const gone = once(server, 'exit')
    server.stdin.end()
    await gone
  })
  const [port] = await once(server.stdout, 'data')
  const url = `http://127.0.0.1:${String(port).trim()}`
  const headers = { Authorization: `Bearer ${token}` }
  const json = async (path: string, body: object) =>
    fetch(url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...headers, 'Content-Type': 'application/json' },
    })
  const memory = () => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]) * 1024
  return {
    url,
    headers,
    json,
    /** A terminal that stands in `cwd`; gives the path of its routes. */
    async terminal(cwd: string): Promise<string> {
      const { id } = (await (await json('/api/v1/terminals', { cwd, command: ['cat'] })).json()) as { id: string }
      return `/api/v1/terminals/${id}`
    },
    /** The most anonymous memory it had while `work` went on, over what it had before, in bytes. */
    async grows(work: () => Promise<void>): Promise<number> {
      const before = memory()
      let most = before
      const timer = setInterval(() => (most = Math.max(most, memory())), 20)
      await work().finally(() => clearInterval(timer))
      return most - before
    },
  }
}
