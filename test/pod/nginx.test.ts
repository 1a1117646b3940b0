import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildImage, buildStripped, buildTarget, must, restricted, startPod } from './podman.ts'
import { type Toolbox, toolboxIn, until } from './toolbox.ts'

beforeAll(async () => {
  await buildStripped()
  await buildImage()
  await buildTarget('nginx')
}, 600_000)

/** Where a node's seccomp profile lets a user namespace be made, a target of the same UID is entered without capabilities. */
const restrictedWithNamespaces = [...restricted, '--security-opt', 'seccomp=unconfined']
const asRoot = ['--user', '0', '--cap-add', 'SYS_PTRACE']
const nonroot = ['--user', '65532:65532', '--cap-drop', 'ALL']

async function startBeside(target: string[], ditty: string[]) {
  const id = `ditty-test-${randomBytes(4).toString('hex')}`
  const pod = await startPod(id)
  try {
    await must('run', '--detach', '--pod', id, '--name', `${id}-nginx`, ...target, 'localhost/ditty-test-nginx')
    await must('run', '--detach', '--pod', id, '--name', `${id}-ditty`, ...ditty, 'ditty')
    const container = await must('inspect', '--format', '{{.Id}}', `${id}-nginx`)
    const toolbox = toolboxIn(`${id}-ditty`)
    await until(`${id}-nginx`, async () => (await answerOf(toolbox)) === 'first\n')
    return { container, toolbox, [Symbol.asyncDispose]: () => pod[Symbol.asyncDispose]() }
  } catch (error) {
    await pod[Symbol.asyncDispose]()
    throw error
  }
}

const answerOf = async ({ run }: Toolbox) => (await run('curl', '-s', 'http://127.0.0.1:8088/')).stdout

interface Nginx {
  master: number
  workers: number[]
}

/** The master is the one that no other of the target's processes started. */
async function nginxOf({ events }: Toolbox, container: string): Promise<Nginx> {
  const listed = (await events('ditty', 'ps', '--target', container)).filter(({ type }) => type === 'process')
  expect(new Set(listed.map(({ comm, container }) => `${comm} ${container.id}`))).toEqual(
    new Set([`nginx ${container}`]),
  )
  const master = listed.find(({ ppid }) => !listed.some(({ pid }) => pid === ppid)).pid
  const workers = listed.filter(({ ppid }) => ppid === master).map(({ pid }) => pid)
  expect(listed).toHaveLength(1 + workers.length)
  return { master, workers }
}

describe.each([
  ['as root', [], asRoot],
  ['as UID 65532 without capabilities beside a target of the same UID', nonroot, restrictedWithNamespaces],
])('%s', (_name, target, flags) => {
  let beside: Awaited<ReturnType<typeof startBeside>>
  beforeAll(async () => {
    beside = await startBeside(target, flags)
  })
  afterAll(() => beside?.[Symbol.asyncDispose]())

  test('the workers of the target are found below their master', async () => {
    const { toolbox, container } = beside
    expect((await nginxOf(toolbox, container)).workers).toHaveLength(2)
    const tree = await toolbox.run('ditty', 'ps', '--target', container, '--forest')
    expect(tree.stdout).toMatch(
      / nginx: master process .*\n.* \\_ nginx: worker process\n.* \\_ nginx: worker process\n/,
    )
  })

  test.each([
    ['ditty signal', 'second', (master: number) => ['ditty', 'signal', 'HUP', String(master)]],
    ['kill -HUP', 'third', (master: number) => ['kill', '-HUP', String(master)]],
  ])('its configuration is edited inside and reloaded by %s, without a restart', async (word, answer, wordsFor) => {
    const { toolbox, container } = beside
    const before = await nginxOf(toolbox, container)
    const script = `sed -i 's/return 200 .*/return 200 "${answer}\\\\n";/' /etc/nginx/nginx.conf; grep -c ${answer} /etc/nginx/nginx.conf`
    const edit = await toolbox.run('ditty', 'enter', '-t', container, 'sh', '-c', script)
    expect(edit).toEqual({ status: 0, stdout: '1\n', stderr: '' })
    expect(await answerOf(toolbox)).not.toBe(`${answer}\n`)
    const told = await toolbox.events(...wordsFor(before.master))
    if (word === 'ditty signal')
      expect(told.find(({ type }) => type === 'result')).toMatchObject({
        pid: before.master,
        outcome: 'reloaded',
        newChildren: [expect.any(Number), expect.any(Number)],
        goneChildren: before.workers,
      })
    await expect.poll(() => answerOf(toolbox)).toBe(`${answer}\n`)
    await expect
      .poll(async () => {
        const { master, workers } = await nginxOf(toolbox, container)
        return [master, workers.length, workers.filter(pid => before.workers.includes(pid))]
      })
      .toEqual([before.master, 2, []])
  })

  test('a configuration that nginx refuses changes nothing, and the verdict is not that it reloaded', async () => {
    const { toolbox, container } = beside
    const before = await nginxOf(toolbox, container)
    const write = (words: string) => toolbox.run('ditty', 'enter', '-t', container, 'sh', '-c', words)
    await write('cd /etc/nginx; cp nginx.conf kept; echo broken >> nginx.conf')
    const told = await toolbox.events('ditty', 'signal', 'HUP', String(before.master))
    await write('cd /etc/nginx; cp kept nginx.conf; rm kept')
    expect(told.find(({ type }) => type === 'result')).toMatchObject({ outcome: 'still_there', newChildren: [] })
    expect(await nginxOf(toolbox, container)).toEqual(before)
  })
})

describe("as UID 65532 without capabilities beside root's nginx", () => {
  let beside: Awaited<ReturnType<typeof startBeside>>
  beforeAll(async () => {
    beside = await startBeside([], restricted)
  })
  afterAll(() => beside?.[Symbol.asyncDispose]())

  test('it is seen, and each denial tells the UIDs and what would grant it', async () => {
    const { toolbox, container } = beside
    const before = await nginxOf(toolbox, container)
    const { master } = before
    const signalled = await toolbox.run('ditty', 'signal', 'HUP', String(master))
    expect(signalled).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/runs as UID 0, ditty as UID 65532 without CAP_KILL.*runAsUser: 0/s),
    })
    const killed = await toolbox.run('kill', '-HUP', String(master))
    expect(killed).toMatchObject({ status: 1, stderr: expect.stringMatching(/UID 0.*UID 65532 without CAP_KILL/s) })
    const entered = await toolbox.run('ditty', 'enter', '-t', container, 'cat', '/etc/nginx/nginx.conf')
    expect(entered).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/runs as UID 0, ditty as UID 65532 without CAP_SYS_PTRACE\n.*--profile=general/),
    })
    expect(await nginxOf(toolbox, container)).toEqual(before)
    expect(await answerOf(toolbox)).toBe('first\n')
  })
})
