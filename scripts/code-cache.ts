/**
 * Writes the V8 code cache of every chunk after a run that touches what matters at start, so that the functions compiled
 * by then are in it. Runs as a process of its own, so that the caches hold nothing of the build's.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { Script } from 'node:vm'
import { WebSocket } from 'ws'
import { bundleLoader } from '../server/bundle-loader.ts'
import { terminalSubprotocol } from '../server/protocol/terminal-frames.ts'
import { registry } from '../server/tools/registry.ts'
import { freePort, untilOk } from './probe.ts'

export function writeCodeCaches(dist: string): void {
  const { status, stderr } = spawnSync(process.execPath, [import.meta.filename, dist], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`code caches could not be made: ${stderr}`)
}

/** Command lines that end by themselves and need no network. */
const warmUps: string[][] = [
  ['ditty', 'ping', '-c', '1', '127.0.0.1'],
  ['dig', '+short', '+time=1', '+tries=1', '@127.0.0.1', 'localhost'],
  ['ditty', 'dns', 'localhost'],
  ['ss', '-tulpn'],
  ['ps', 'aux'],
  ['df', '-h'],
  ['findmnt'],
  ['curl', '-sS', '-m', '1', 'http://127.0.0.1:9/'],
  ...registry.flatMap(({ applets }) => applets.map(word => [word, '--help'])),
]

type Main = typeof import('../server/main.ts').main

async function record(dist: string): Promise<void> {
  const scripts = new Map<string, Script>()
  const { main } = bundleLoader(dist, scripts)('./main.js') as { main: Main }
  for (const words of warmUps) await main(words)
  await warmServer(main)
  for (const [filename, script] of scripts) writeFileSync(`${filename}.cache`, script.createCachedData())
}

/** What happens when somebody opens the page: the server, the API and one terminal come up. */
async function warmServer(main: Main): Promise<void> {
  const port = await freePort()
  const token = randomBytes(16).toString('hex')
  process.env.DITTY_TOKEN = token
  const ended = main(['ditty', 'serve', '--port', String(port)])
  const address = `127.0.0.1:${port}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const post = (path: string, body: object) =>
    fetch(`http://${address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  await untilOk(`http://${address}/readyz`)
  for (const path of ['/', '/api/v1/tools']) await fetch(`http://${address}${path}`, { headers })
  const terminal = await post('/api/v1/terminals', { cols: 80, rows: 24 })
  const { id } = (await terminal.json()) as { id: string }
  await firstFrame(new WebSocket(`ws://${address}/api/v1/terminals/${id}/stream`, terminalSubprotocol, { headers }))
  await post('/api/v1/tools/ps', {})
  process.kill(process.pid, 'SIGTERM')
  await ended
}

async function firstFrame(socket: WebSocket): Promise<void> {
  await once(socket, 'message', { signal: AbortSignal.timeout(10_000) })
  socket.terminate()
}

if (import.meta.main) void record(process.argv[2]!).then(() => process.exit(0))
