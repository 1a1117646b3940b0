import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Linux, linuxAt } from '../../server/linux/linux.ts'
import { endSessions } from '../../server/terminal/hang-up.ts'
import { Sessions } from '../../server/terminal/sessions.ts'
import { startTerminals } from './terminal-server.ts'

/** Processes of a session that are no zombies, by their `comm`. */
function membersOf(session: number): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const [state, , , sid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return Number(sid) === session && state !== 'Z'
          ? [stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))]
          : []
      } catch {
        return []
      }
    })
}

const noneLeft = async (session: number) => {
  while (membersOf(session).length > 0) await delay(10)
}

const sessionsOn = (linux: Linux) =>
  new Sessions({
    shell: () => ({ file: '/bin/sh', args: [], environment: {} }),
    environment: { PATH: process.env.PATH ?? '', HOME: '/' },
    linux,
  })

/** The machine's own tree, where one method fails once `spent`: to take all descriptors would stop the tests too. */
function outOfDescriptors(method: 'list' | 'peek') {
  const kernel = linuxAt('/')
  const state = { spent: false }
  const answer = (path: string) => {
    if (state.spent) throw Object.assign(new Error(`EMFILE: too many open files, '${path}'`), { code: 'EMFILE' })
    return kernel[method](path)
  }
  return { state, linux: { ...kernel, [method]: answer } as Linux }
}

test('after the close no descriptor, timer or thread is left', async () => {
  const held = () => [
    readdirSync('/proc/self/fd').length,
    readdirSync('/proc/self/task').length,
    process.getActiveResourcesInfo().filter(name => name === 'Timeout' || name === 'TTYWrap').length,
  ]
  const sessions = sessionsOn(linuxAt('/'))
  await sessions.create({ cols: 80, rows: 24, command: ['true'] })
  while (sessions.list()[0]?.running) await delay(10)
  await delay(100)
  const before = held()
  for (const command of [['yes'], ['true'], ['sleep', '60']]) await sessions.create({ cols: 80, rows: 24, command })
  await delay(50)
  await sessions.close()
  // Threads and descriptors end in their own time; a leak would hold this for ever.
  while (held().some((count, index) => count > (before[index] ?? 0))) await delay(10)
})

test('ending a session ends its jobs as well, those in the background and those that are stopped', async () => {
  const { connect, create, sessions } = await startTerminals()
  const { id, pid } = await create()
  const client = await connect(id).opened()
  client.type('sleep 100 & sleep 200 & kill -STOP $!; echo jobs""run\r')
  await client.shows('jobsrun')
  while (membersOf(pid).length < 3) await delay(10)
  expect(sessions.end(id)).toBe(true)
  expect(await client.closed).toMatchObject({ code: 4409 })
  expect(client.exit).toBeDefined()
  await noneLeft(pid)
})

test('a program that ignores SIGHUP is killed after the grace', async () => {
  const { connect, run, sessions } = await startTerminals({ graceMs: 100 })
  const { id, pid } = await run("trap '' HUP; (trap '' HUP TERM; echo ready; while :; do sleep 1; done) & wait; wait")
  const client = connect(id)
  await client.shows('ready')
  sessions.end(id)
  await client.closed
  expect(client.exit).toMatchObject({ signal: 9 })
  await noneLeft(pid)
})

test('closing ends every session, tells every viewer to come back later, and refuses new ones', async () => {
  const { connect, run, sessions } = await startTerminals({ closeGraceMs: 100 })
  const started = await Promise.all([run('sleep 60'), run("trap '' HUP; while :; do sleep 1; done"), run('cat')])
  const clients = await Promise.all(started.map(({ id }) => connect(id).opened()))
  await sessions.close()
  for (const client of clients) expect(await client.closed).toMatchObject({ code: 1012 })
  for (const { pid } of started) expect(membersOf(pid)).toEqual([])
  expect(sessions.list()).toEqual([])
  await expect(run('true')).rejects.toMatchObject({ code: 'unavailable' })
})

test('who comes while the server stops, or after, is told to come back later', async () => {
  const { connect, run, sessions } = await startTerminals({ closeGraceMs: 300 })
  const { id } = await run("trap '' HUP; echo ready; while :; do sleep 1; done")
  await connect(id).shows('ready')
  const closed = sessions.close()
  expect(await connect(id).closed).toMatchObject({ code: 1012 })
  await closed
  expect(await connect(id).closed).toMatchObject({ code: 1012 })
})

test('a session is ended by the loss of its terminal where no descriptor is left to read its processes', async () => {
  const { linux, state } = outOfDescriptors('list')
  const sessions = sessionsOn(linux)
  const { id, pid } = await sessions.create({ cols: 80, rows: 24, command: ['sleep', '60'] })
  state.spent = true
  expect(sessions.end(id)).toBe(true)
  await noneLeft(pid)
  expect(sessions.list()).toEqual([])
  const last = await sessions.create({ cols: 80, rows: 24, command: ['sleep', '60'] })
  await expect(sessions.close()).rejects.toMatchObject({ code: 'EMFILE' })
  await noneLeft(last.pid)
  expect(sessions.list()).toEqual([])
})

test('a process that cannot be looked at for want of descriptors does not count as ended', async () => {
  const { linux, state } = outOfDescriptors('peek')
  state.spent = true
  await expect(endSessions(linux, new Set([2 ** 30]), 0)).rejects.toMatchObject({ code: 'EMFILE' })
})

test('closing does not wait for a viewer who has left a full ring', async () => {
  const { run, sessions } = await startTerminals()
  const { id, pid } = await run('yes')
  while ((sessions.get(id)?.nextOffset ?? 0) < 1 << 20) await delay(10)
  await sessions.close()
  expect(membersOf(pid)).toEqual([])
})

test('two hundred sessions run at once, and one too many is refused', async () => {
  const { connect, run, sessions } = await startTerminals({ sessions: 200 })
  const started = await Promise.all(
    Array.from({ length: 200 }, (_, index) => run(`echo "session ${index}."; exec cat`)),
  )
  await expect(run('true')).rejects.toMatchObject({ code: 'unavailable' })
  const clients = started.map(({ id }) => connect(id))
  await Promise.all(clients.map((client, index) => client.shows(`session ${index}.`)))
  await sessions.close()
  for (const { pid } of started) expect(membersOf(pid)).toEqual([])
})
