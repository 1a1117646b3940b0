import { setTimeout as delay } from 'node:timers/promises'
import { defaultLimits } from '../../server/terminal/limits.ts'
import { type Arena, median } from './contest.ts'
import { Server } from './ditty.ts'
import { anonymousMiB } from './memory.ts'
import { createSession, DittyStream, endSession } from './wire.ts'

const idleSessions = 200
const idleMiB = 0.5
const floodedSessions = 30
/** Idle, and its ring; the rings share one budget. */
const floodedMiB = defaultLimits.replayBudgetBytes / 2 ** 20 + floodedSessions * idleMiB

/** What sessions cost the server in anonymous memory (RssAnon, proc_pid_status(5)), from one session on: what the first one loads is no price of a session. */
export async function sessions(): Promise<Arena> {
  const common = { unit: 'MiB', better: 'less', peers: {} } as const
  return {
    contests: [
      {
        ...common,
        name: `idle session, of ${idleSessions}`,
        rounds: 1,
        ours: () => costOfEach(false),
        figures: [median({ absolute: idleMiB })],
      },
      {
        ...common,
        name: `idle and viewed, of ${idleSessions}`,
        rounds: 1,
        ours: () => costOfEach(true),
        figures: [median({ absolute: idleMiB })],
      },
      {
        ...common,
        name: `${floodedSessions} floods that nobody views`,
        rounds: 1,
        ours: floods,
        figures: [median({ absolute: floodedMiB })],
      },
    ],
    async [Symbol.asyncDispose]() {},
  }
}

/** A server that has had a session, and what it holds then. */
async function started(): Promise<{ server: Server; before: number }> {
  const server = await Server.start()
  const id = await createSession(server.port)
  await prompted(server)
  await endSession(server.port, id)
  await delay(2000)
  return { server, before: anonymousMiB(server) }
}

async function costOfEach(viewed: boolean): Promise<number> {
  const { server, before } = await started()
  await using _server = server
  const streams: DittyStream[] = []
  for (let count = 0; count < idleSessions; count++) {
    const id = await createSession(server.port)
    if (viewed) streams.push(new DittyStream(server.port, id, () => undefined))
  }
  await prompted(server)
  await delay(2000)
  const cost = (anonymousMiB(server) - before) / idleSessions
  for (const stream of streams) stream.close()
  return cost
}

/** Waits until every shell has written its prompt. */
async function prompted(server: Server): Promise<void> {
  for (;;) {
    const { terminals } = await server.json<{ terminals: { nextOffset: number }[] }>('/api/v1/terminals')
    if (terminals.every(({ nextOffset }) => nextOffset > 0)) return
    await delay(500)
  }
}

/** The most it holds while the programs are paused by their full rings, and once they run on. */
async function floods(): Promise<number> {
  const { server, before } = await started()
  await using _server = server
  for (let count = 0; count < floodedSessions; count++) await createSession(server.port, ['/usr/bin/yes'])
  let most = 0
  for (const until = performance.now() + defaultLimits.holdMs + 5000; performance.now() < until; await delay(250))
    most = Math.max(most, anonymousMiB(server))
  return most - before
}
