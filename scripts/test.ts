/**
 * `npm test`: types, lint, then every room of tests that this machine can run. As root on Debian it installs the peers it
 * compares with; elsewhere it names the rooms it skips and the command that would bring them. With CI set a skip is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { roomsWithoutPeers } from './test/peers.ts'

const root = dirname(import.meta.dirname)
const bin = join(root, 'node_modules/.bin')
const rooms = ['unit', 'architecture', 'faces', 'kernel', 'browser', 'pod']
const wanted = process.argv.slice(2)

/** The part of Vitest's JSON report that is counted. */
interface Results {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  numFailedTestSuites: number
}

function runRooms(names: string[]): Results {
  const report = join(root, 'artifacts/test-results.json')
  mkdirSync(dirname(report), { recursive: true })
  const projects = names.flatMap(name => ['--project', name])
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', report]
  const { status } = spawnSync(
    join(bin, 'vitest'),
    ['run', '--config', 'test/vitest.config.ts', ...projects, ...reporters],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  const results = JSON.parse(readFileSync(report, 'utf8')) as Results
  if (status !== 0 && results.numFailedTests === 0) results.numFailedTests = Math.max(1, results.numFailedTestSuites)
  return results
}

for (const check of [['tsc'], ['tsc', '-p', 'web'], ['biome', 'check', '--error-on-warnings']]) {
  execFileSync(join(bin, check[0]!), check.slice(1), { cwd: root, stdio: 'inherit' })
}
execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'inherit' })

const blocked = roomsWithoutPeers()
const chosen = rooms.filter(room => wanted.length === 0 || wanted.includes(room))
const skipped = chosen.filter(room => blocked.has(room))
const results = runRooms(chosen.filter(room => !blocked.has(room)))
const pending = results.numPendingTests + results.numTodoTests
for (const room of skipped) console.log(`Skipped ${room}: ${blocked.get(room)}`)

const failedBySkip = process.env.CI ? skipped.length + pending : 0
const failed = results.numFailedTests + failedBySkip
const skippedCount = skipped.length + pending
console.log(`${results.numPassedTests} passed, ${failed} failed${skippedCount ? `, ${skippedCount} skipped` : ''}`)
process.exit(failed ? 1 : 0)
