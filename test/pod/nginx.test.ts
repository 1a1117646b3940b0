import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildImage, buildStripped, buildTarget, must, restricted, startPod } from './podman.ts'
import { type Toolbox, toolboxIn, until, untilReady } from './toolbox.ts'

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
    await untilReady(`${id}-ditty`)
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

const file = '/etc/nginx/nginx.conf'

/** Ways to make it answer something else. */
const edits = {
  'ditty enter': async ({ run }: Toolbox, container: string, answer: string) => {
    const script = `sed -i 's/return 200 .*/return 200 "${answer}\\\\n";/' ${file}; grep -c "${answer}" ${file}`
    const edit = await run('ditty', 'enter', '-t', container, 'sh', '-c', script)
    expect(edit).toEqual({ status: 0, stdout: '1\n', stderr: '' })
  },
  'the API of files': async ({ api }: Toolbox, container: string, answer: string) => {
    const path = `/api/v1/files${file}?target=${container}`
    const { status, text } = await api('GET', path)
    expect(status).toBe(200)
    const put = await api('PUT', path, text.replace(/return 200 .*/, `return 200 "${answer}\\n";`))
    expect(put.status, put.text).toBe(200)
  },
}

/** Ways to send HUP, and the verdict of those that tell one. */
const reloads = {
  'ditty signal': async ({ events }: Toolbox, master: number) =>
    (await events('ditty', 'signal', 'HUP', String(master))).find(({ type }) => type === 'result'),
  'kill -HUP': async ({ run }: Toolbox, master: number) => {
    expect(await run('kill', '-HUP', String(master))).toMatchObject({ status: 0 })
  },
  'the API of tools': async ({ api }: Toolbox, master: number) => {
    const { text } = await api('POST', '/api/v1/tools/signal', { signal: 'HUP', pids: [master] })
    return JSON.parse(text).events.find(({ type }: { type: string }) => type === 'result')
  },
}

type Way = [edit: keyof typeof edits, reload: keyof typeof reloads]
const byAPI: Way = ['the API of files', 'the API of tools']
const byAll: Way[] = [['ditty enter', 'ditty signal'], ['ditty enter', 'kill -HUP'], byAPI]

describe.each<[string, string[], string[], Way[]]>([
  ['as root', [], asRoot, byAll],
  ['as UID 65532 without capabilities beside a target of the same UID', nonroot, restrictedWithNamespaces, byAll],
  ['the same where no user namespace is allowed', nonroot, restricted, [byAPI]],
])('%s', (_name, target, flags, ways) => {
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

  test.each(ways)('its configuration is edited by %s and reloaded by %s, without a restart', async (edit, reload) => {
    const { toolbox, container } = beside
    const before = await nginxOf(toolbox, container)
    const old = await answerOf(toolbox)
    const answer = `by ${reload}`
    await edits[edit](toolbox, container, answer)
    expect(await answerOf(toolbox)).toBe(old)
    const verdict = await reloads[reload](toolbox, before.master)
    if (reload !== 'kill -HUP')
      expect(verdict).toMatchObject({
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
    const path = `/api/v1/files${file}?target=${container}`
    const { text } = await toolbox.api('GET', path)
    expect(await toolbox.api('PUT', path, 'broken')).toMatchObject({ status: 200 })
    const told = await reloads['ditty signal'](toolbox, before.master)
    expect(await toolbox.api('PUT', path, text)).toMatchObject({ status: 200 })
    expect(told).toMatchObject({ outcome: 'still_there', newChildren: [] })
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
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? ['server {}'] : []
      const { status, text } = await toolbox.api(method, `/api/v1/files${file}?target=${container}`, ...body)
      expect([method, status]).toEqual([method, 403])
      expect(JSON.parse(text)).toMatchObject({
        code: 'not_permitted',
        detail: expect.stringMatching(/runs as UID 0, ditty as UID 65532 without CAP_SYS_PTRACE/),
        remedy: expect.stringContaining('--profile=general'),
      })
    }
    expect(await nginxOf(toolbox, container)).toEqual(before)
    expect(await answerOf(toolbox)).toBe('first\n')
  })
})
