import { spawnSync } from 'node:child_process'
import { type Arena, median } from './contest.ts'
import { gatherCrowd } from './crowd.ts'
import { dittyCommand } from './ditty.ts'

const count = 2000
/** Samples, a second apart, whose cost is measured. */
const samples = 10

const quoted = (words: string[]) => words.map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')

/** Milliseconds of CPU that a shell's children took, by its `times`. */
function cpuTime(line: string): number {
  const { stdout } = spawnSync('bash', ['--norc', '-c', `${line} > /dev/null 2>&1; times`], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TERM: 'xterm' },
  })
  const [, children = ''] = stdout.split('\n')
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return seconds.reduce((sum, value) => sum + value, 0) * 1000
}

/** Milliseconds of CPU for one sample more, so that what a start costs doesn't count. */
async function eachSample(lineOf: (samples: number) => string): Promise<number> {
  return (cpuTime(lineOf(samples + 1)) - cpuTime(lineOf(1))) / samples
}

const batch = (command: string[]) => (samples: number) => quoted([...command, '-b', '-d', '1', '-n', String(samples)])

/** The screen of a terminal, 120 cells wide and 40 lines high, which shows some 30 of the processes. */
const onScreen = (command: string[]) => (samples: number) => {
  const line = `stty cols 120 rows 40; ${quoted([...command, '-d', '1', '-n', String(samples)])}`
  return `sleep ${samples + 3} | script -qec ${quoted([line])} /dev/null`
}

const procps = ['/usr/bin/top']

/** What watching 2,000 processes costs, a sample a second. */
export async function top(): Promise<Arena> {
  const crowd = await gatherCrowd(count)
  const contest = (name: string, lineOf: typeof batch, ratio: number) => ({
    name: `top, ${count} processes, ${name}`,
    unit: 'ms CPU',
    better: 'less' as const,
    rounds: 3,
    ours: () => eachSample(lineOf(dittyCommand('top'))),
    peers: { 'procps top': () => eachSample(lineOf(procps)) },
    figures: [median({ ratio })],
  })
  return {
    contests: [contest('all of them to a pipe', batch, 2), contest('a screen', onScreen, 1)],
    async [Symbol.asyncDispose]() {
      crowd[Symbol.dispose]()
    },
  }
}
