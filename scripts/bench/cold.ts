import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { freePort, untilOk } from '../probe.ts'
import { type Arena, median } from './contest.ts'
import { requireImage } from './image.ts'
import { elapsed } from './timing.ts'

/** From `run` to the first answer of the image in 128 MiB, with nothing of it in the page cache; the container's own start is in it. */
export async function cold(): Promise<Arena> {
  const engine = requireImage()
  return {
    contests: [
      {
        name: 'cold start in 128 MiB',
        unit: 'ms',
        better: 'less',
        rounds: 5,
        ours: () => coldStart(engine),
        peers: {},
        figures: [median({ absolute: 1000 })],
      },
    ],
    async [Symbol.asyncDispose]() {},
  }
}

async function coldStart(engine: string): Promise<number> {
  const port = await freePort()
  const limits = ['--memory', '128m', '--memory-swap', '128m', '--user', '65532', '--cap-drop', 'ALL', '--read-only']
  const words = ['run', '--detach', '--rm', '--network', 'host', ...limits, 'ditty', 'serve', '--port', String(port)]
  execFileSync('sync')
  writeFileSync('/proc/sys/vm/drop_caches', '3')
  let container = ''
  const time = await elapsed(async () => {
    container = execFileSync(engine, words, { encoding: 'utf8' }).trim()
    await untilOk(`http://127.0.0.1:${port}/healthz`)
  })
  execFileSync(engine, ['rm', '--force', '--time', '0', container], { stdio: 'ignore' })
  return time
}
