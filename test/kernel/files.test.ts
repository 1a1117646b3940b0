import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { problemOf } from '../http/serve.ts'
import { serveApart } from '../http/transfers/apart.ts'
import { mountSilentFuse } from './fuse/silent-fuse.ts'
import { openJail } from './root/jail.ts'

const nobody = 65532

async function openApart(who: { server?: number; target?: number }) {
  const jail = await openJail(who.target === undefined ? {} : { uid: who.target })
  onTestFinished(() => jail[Symbol.asyncDispose]())
  const server = await serveApart(who.server === undefined ? {} : { uid: who.server, gid: who.server })
  const ask = (path: string, init: RequestInit = {}, query = '') =>
    fetch(`${server.url}/api/v1/files${path}?target=${jail.pid}${query}`, {
      ...init,
      headers: { ...server.headers, ...init.headers },
    })
  return { ...server, jail, ask }
}

test('as UID 65532 without capabilities beside a target of the same UID', async () => {
  const { jail, ask } = await openApart({ server: nobody, target: nobody })
  const at = (name: string) => join(jail.inside, name)
  for (const name of ['own', 'closed', 'others']) mkdirSync(at(name))
  chmodSync(join(jail.inside, '..'), 0o755)
  chownSync(at('own'), nobody, nobody)
  chownSync(at('closed'), 1000, 1000)
  chmodSync(at('closed'), 0o700)
  writeFileSync(at('closed/f'), '')
  writeFileSync(at('others/secret'), '')
  chmodSync(at('others/secret'), 0o600)
  writeFileSync(at('own/roots'), 'of root')
  writeFileSync(at('own/shared'), 'of root')
  chmodSync(at('own/shared'), 0o666)

  expect((await (await ask('/')).json()).entries.map(({ name }: { name: string }) => name)).toEqual([
    'closed',
    'others',
    'own',
  ])
  expect((await ask('/own/mine', { method: 'PUT', body: 'mine' })).status).toBe(201)
  expect(await (await ask('/own/mine')).text()).toBe('mine')
  expect((await ask('/own/mine', { method: 'DELETE' })).status).toBe(204)

  expect(await problemOf(await ask('/others/secret'))).toMatchObject({
    code: 'not_permitted',
    detail: '/others/secret: UID 65532 may not read it: has mode 0600 and is owned by 0:0',
    remedy: 'run ditty as UID 0',
  })
  for (const path of ['/closed/f', '/closed/none/deeper'])
    expect(await problemOf(await ask(path))).toMatchObject({
      code: 'not_permitted',
      detail: `${path}: UID 65532 may not read it: /closed has mode 0700 and is owned by 1000:1000`,
      remedy: 'run ditty as UID 1000, or as UID 0 with CAP_DAC_READ_SEARCH',
    })
  expect(await problemOf(await ask('/others/new', { method: 'PUT', body: 'x' }))).toMatchObject({
    code: 'not_permitted',
    detail: expect.stringContaining('/others has mode 0755 and is owned by 0:0'),
    remedy: 'run ditty as UID 0',
  })
  expect(await problemOf(await ask('/others/secret', { method: 'DELETE' }))).toMatchObject({ code: 'not_permitted' })

  expect(await problemOf(await ask('/own/roots', { method: 'PUT', body: 'x' }))).toMatchObject({
    code: 'not_permitted',
    detail: expect.stringContaining('it belongs to 0:0'),
    remedy: expect.stringContaining('CAP_CHOWN'),
  })
  expect(readFileSync(at('own/roots'), 'utf8')).toBe('of root')
  expect((await ask('/own/shared', { method: 'PUT', body: 'new' })).status).toBe(200)
  expect([readFileSync(at('own/shared'), 'utf8'), statSync(at('own/shared')).uid]).toEqual(['new', 0])
})

test('as UID 65532 beside a target of root: denied, with the reason and what would grant it', async () => {
  const { jail, ask } = await openApart({ server: nobody })
  expect(await problemOf(await ask('/'))).toMatchObject({
    status: 403,
    code: 'not_permitted',
    detail: `the files of process ${jail.pid} can't be seen: process ${jail.pid} runs as UID 0, ditty as UID 65532 without CAP_SYS_PTRACE`,
    remedy: expect.stringContaining('UID 0 with CAP_SYS_PTRACE'),
  })
})

test('a mount that never answers is named in time, and the server goes on', async () => {
  const { jail, ask } = await openApart({})
  mkdirSync(join(jail.inside, 'data/dead'), { recursive: true })
  writeFileSync(join(jail.inside, 'data/alive'), 'alive')
  const fuse = await mountSilentFuse(join(jail.inside, 'data/dead'))
  onTestFinished(() => fuse[Symbol.asyncDispose]())
  const silent = { status: 503, code: 'unavailable', detail: expect.stringMatching(/^\/data\/dead: the fuse/) }
  const answers = await Promise.all([
    problemOf(await ask('/data/dead')),
    ask('/data/dead/x').then(problemOf),
    ask('/data/dead', {}, '&stat').then(problemOf),
    ask('/data/dead/x', { method: 'PUT', body: 'x' }).then(problemOf),
    ask('/data/dead/x', { method: 'DELETE' }).then(problemOf),
  ])
  for (const answer of answers) expect(answer).toMatchObject(silent)
  const { entries } = await (await ask('/data')).json()
  expect(entries.map(({ name }: { name: string }) => name)).toEqual(['alive', 'dead'])
  const tar = spawn('tar', ['-xO', 'data/_not-included.txt'], { stdio: ['pipe', 'pipe', 'ignore'] })
  tar.stdin.end(Buffer.from(await (await ask('/data', {}, '&archive=tar')).arrayBuffer()))
  let note = ''
  for await (const piece of tar.stdout) note += piece
  expect(note).toMatch(/^dead: \/data\/dead: the fuse/)
  expect(await (await ask('/data/alive')).text()).toBe('alive')
  expect((await ask('/data', { method: 'DELETE' }, '&recursive=true').then(problemOf)).detail).toContain('dead')
})
