/**
 * Writes the V8 code cache of every chunk after a run that touches what matters at start, so that the functions compiled
 * by then are in it. Runs as a process of its own, so that the caches hold nothing of the build's.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Script } from 'node:vm'
import { bundleLoader } from '../server/bundle-loader.ts'
import { registry } from '../server/tools/registry.ts'

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
  ['curl', '-sS', '-m', '1', 'http://127.0.0.1:9/'],
  ...registry.flatMap(({ applets }) => applets.map(word => [word, '--help'])),
]

async function record(dist: string): Promise<void> {
  const scripts = new Map<string, Script>()
  const { main } = bundleLoader(dist, scripts)('./main.js') as typeof import('../server/main.ts')
  for (const words of warmUps) await main(words)
  for (const [filename, script] of scripts) writeFileSync(`${filename}.cache`, script.createCachedData())
}

if (import.meta.main) void record(process.argv[2]!).then(() => process.exit(0))
