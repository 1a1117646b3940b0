/**
 * `npm run bench [NAME…]`: measures ditty beside its peers in one run and prints percentiles and ratios as a table, and as JSON
 * into artifacts/bench.json. Timings are looked at, never asserted.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Arena, hold, type Result } from './contest.ts'
import { artifacts } from './ditty.ts'
import { print } from './table.ts'

/** Each opens its arena only when its turn comes, so that no server of one is in the way of another. */
const arenas: Record<string, () => Promise<Arena>> = {
  start: async () => (await import('./start.ts')).start(),
  memory: async () => (await import('./memory.ts')).memory(),
  terminal: async () => (await import('./terminal.ts')).terminal(),
  echo: async () => (await import('./echo.ts')).echo(),
  reattach: async () => (await import('./reattach.ts')).reattach(),
  browser: async () => (await import('./browser.ts')).browser(),
  sessions: async () => (await import('./sessions.ts')).sessions(),
  ports: async () => (await import('./ports.ts')).ports(),
  ps: async () => (await import('./ps.ts')).ps(),
  top: async () => (await import('./top.ts')).top(),
  lsof: async () => (await import('./lsof.ts')).lsof(),
  find: async () => (await import('./find.ts')).find(),
  download: async () => (await import('./download.ts')).download(),
  cold: async () => (await import('./cold.ts')).cold(),
  image: async () => (await import('./image.ts')).image(),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !(name in arenas))
if (unknown.length) throw new Error(`no such bench: ${unknown.join(', ')}; there are ${Object.keys(arenas).join(', ')}`)

const results: Result[] = []
for (const [name, open] of Object.entries(arenas)) {
  if (wanted.length && !wanted.includes(name)) continue
  await using arena = await open()
  for (const contest of arena.contests) {
    const lines = await hold(contest)
    results.push(...lines)
    for (const line of lines) print(line)
  }
}
mkdirSync(artifacts, { recursive: true })
writeFileSync(join(artifacts, 'bench.json'), `${JSON.stringify(results, null, 2)}\n`)
process.exit(0)
