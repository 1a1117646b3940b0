import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type Arena, median } from './contest.ts'
import { Server } from './ditty.ts'

/** Anonymous memory of a server that nobody uses: what it costs a pod to keep it (RssAnon, proc_pid_status(5)). */
export async function memory(): Promise<Arena> {
  return {
    contests: [
      {
        name: 'idle server, RssAnon',
        unit: 'MiB',
        better: 'less',
        rounds: 5,
        ours: idle,
        peers: {},
        figures: [median({ absolute: 28 })],
      },
    ],
    async [Symbol.asyncDispose]() {},
  }
}

async function idle(): Promise<number> {
  await using server = await Server.start()
  await delay(2000)
  return anonymousMiB(server)
}

export function anonymousMiB(server: Server): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8')
  return Number(/RssAnon:\s+(\d+) kB/.exec(status)![1]) / 1024
}

/** The most memory that a command had until it ended, shared pages too (VmHWM). */
export async function peakMiB([command = '', ...words]: string[]): Promise<number> {
  const child = spawn(command, words, { stdio: 'ignore' })
  let most = 0
  const watch = setInterval(() => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    most = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? most)
  }, 5)
  await once(child, 'exit')
  clearInterval(watch)
  return most / 1024
}
