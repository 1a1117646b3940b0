import { spawnSync } from 'node:child_process'

/** Milliseconds from exec to exit. The answer goes to a pipe, as a script reads it; more than 256 MiB is an error. */
export function execTime(command: string[], allowed: readonly number[] = [0]): number {
  const started = performance.now()
  const { status, error, stderr } = spawnSync(command[0]!, command.slice(1), {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const elapsed = performance.now() - started
  if (error) throw error
  if (!allowed.includes(status ?? -1)) throw new Error(`${command.join(' ')}: exit status ${status}: ${stderr}`)
  return elapsed
}

export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
