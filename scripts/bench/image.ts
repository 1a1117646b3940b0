import { execFileSync, spawnSync } from 'node:child_process'
import { type Arena, median } from './contest.ts'

const engine = ['podman', 'docker'].find(name => spawnSync(name, ['--version']).status === 0)

/** The program that has the image `ditty`. */
export function requireImage(): string {
  if (!engine) throw new Error('neither podman nor docker is here')
  const built = spawnSync(engine, ['image', 'inspect', 'ditty']).status === 0
  if (!built) throw new Error('there is no image named ditty: scripts/image')
  return engine
}

/** Size of the image `ditty`, unpacked and gzip-packed, as a registry would hold it. */
export async function image(): Promise<Arena> {
  requireImage()
  const figure = (name: string, absolute: number, ours: () => Promise<number>) => {
    return { name, unit: 'MB', better: 'less', rounds: 1, ours, peers: {}, figures: [median({ absolute })] } as const
  }
  return {
    contests: [figure('image, unpacked', 130, unpacked), figure('image, gzip-packed', 50, packed)],
    async [Symbol.asyncDispose]() {},
  }
}

async function unpacked(): Promise<number> {
  const bytes = execFileSync(engine!, ['image', 'inspect', '--format', '{{.Size}}', 'ditty'], { encoding: 'utf8' })
  return Number(bytes) / 1e6
}

async function packed(): Promise<number> {
  const count = execFileSync('/bin/sh', ['-c', `${engine} save ditty | gzip | wc -c`], { encoding: 'utf8' })
  return Number(count) / 1e6
}
