import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Arena, median } from './contest.ts'
import { artifacts, dittyCommand } from './ditty.ts'
import { peakMiB } from './memory.ts'
import { execTime } from './timing.ts'

const folders = 2000
const filesEach = 100

const words = {
  'names alone': [],
  'size and age': ['-size', '+0', '-mtime', '-1'],
  'as a table': ['-ls'],
}

/** 200,000 files, walked by ditty from its start on and by findutils. */
export async function find(): Promise<Arena> {
  const root = plant()
  const ours = (...words: string[]) => dittyCommand('find', root, ...words)
  const theirs = (...words: string[]) => ['/usr/bin/find', root, ...words]
  return {
    contests: [
      ...Object.entries(words).map(([name, words]) => ({
        name: `find, ${folders * filesEach} files, ${name}`,
        unit: 'ms',
        better: 'less' as const,
        rounds: 5,
        ours: async () => execTime(ours(...words)),
        peers: { find: async () => execTime(theirs(...words)) },
        figures: [median({ ratio: 1 })],
      })),
      {
        name: `find, ${folders * filesEach} files, memory`,
        unit: 'MiB',
        better: 'less',
        rounds: 3,
        ours: () => peakMiB(ours()),
        peers: { 'bare node': () => peakMiB([process.execPath, '-e', '0']) },
        figures: [median()],
      },
    ],
    async [Symbol.asyncDispose]() {
      rmSync(root, { recursive: true })
    },
  }
}

function plant(): string {
  mkdirSync(artifacts, { recursive: true })
  const root = mkdtempSync(join(artifacts, 'tree-'))
  for (let folder = 0; folder < folders; folder++) {
    const path = join(root, `folder-${folder}`)
    mkdirSync(path)
    for (let file = 0; file < filesEach; file++) writeFileSync(join(path, `file-${file}.log`), '12345678')
  }
  return root
}
