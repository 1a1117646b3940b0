import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildImage, buildStripped, must, podman, restricted, startPod } from './podman.ts'
import { toolboxIn, untilReady } from './toolbox.ts'

beforeAll(async () => {
  await buildStripped()
  await buildImage()
}, 600_000)

const profiles = {
  'as root with the default capabilities': ['--user', '0'],
  'as UID 65532, without capabilities, on a read-only root without /tmp, in 128 MiB': restricted,
}

describe.each(Object.entries(profiles))('%s', (_name, flags) => {
  const id = `ditty-test-${randomBytes(4).toString('hex')}`
  const isRoot = flags !== restricted
  let pod: Awaited<ReturnType<typeof startPod>>

  beforeAll(async () => {
    pod = await startPod(id)
    await must('run', '--detach', '--pod', id, '--name', `${id}-ditty`, ...flags, 'ditty')
    await untilReady(`${id}-ditty`)
  })
  afterAll(() => pod[Symbol.asyncDispose]())

  const { run: ditty, events, exec } = toolboxIn(`${id}-ditty`)

  test("ps shows the target's process in a container of its own, apart from the pause program and ditty", async () => {
    const listed = (await events('ditty', 'ps')).filter(({ type }) => type === 'process')
    const containerOf = (args: RegExp) => listed.find(process => args.test(process.args))?.container
    const [target, pause, own] = [containerOf(/^\/httpd/), containerOf(/^\/sleep/), containerOf(/main\.cjs ditty up/)]
    expect(target).toMatchObject({ kind: 'container' })
    expect(own).toMatchObject({ kind: 'self' })
    expect(new Set([target.id, pause.id, own.id]).size).toBe(3)
    const targetId = await must('inspect', '--format', '{{.Id}}', `${id}-target`)
    expect(target.id).toBe(targetId)
  })

  test('ss shows the port of the target, and its owner or why not', async () => {
    const { stdout, stderr, status } = await ditty('ss', '-tlnp')
    const line = stdout.split('\n').find(line => line.includes(':8080'))
    expect(line).toBeDefined()
    expect(status).toBe(0)
    const [socket] = (await events('ss', '-tlnp')).filter(({ localPort }) => localPort === 8080)
    if (socket.processes === null) {
      expect(socket.why).toMatch(/SYS_PTRACE/)
      expect(stderr).toMatch(/SYS_PTRACE/)
    } else expect(socket.processes).toMatchObject([{ comm: 'httpd' }])
  })

  test('ping, dig, curl and wget work', async () => {
    const ping = await ditty('ping', '-c', '2', '-i', '0.1', '127.0.0.1')
    expect(ping.stdout).toMatch(/2 packets transmitted, 2 received, 0% packet loss/)
    const [resolved] = (await events('ditty', 'dns', 'localhost')).filter(({ type }) => type === 'answer')
    expect(resolved.data).toMatch(/^127\.|^::1$/)
    const curl = await ditty('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'http://localhost:8080/')
    expect(curl).toMatchObject({ status: 0, stdout: '404' })
    const wget = await ditty('wget', '-q', '-O', '-', 'http://127.0.0.1:7681/healthz')
    expect(wget).toMatchObject({ status: 0, stdout: '{"status":"ok"}' })
  })

  test('the page is served, and ditty url tells its address with the token', async () => {
    const { stdout: address } = await ditty('ditty', 'url')
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:7681\/#token=\S{20,}\n$/)
    const { stdout: page } = await ditty('curl', '-s', 'http://127.0.0.1:7681/')
    expect(page).toContain('<title>ditty</title>')
    const script = /src="([^"]+\.js)"/.exec(page)?.[1]
    const { stdout: type } = await ditty(
      'curl',
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code} %{content_type}',
      `http://127.0.0.1:7681/${script}`,
    )
    expect(type).toMatch(/^200 text\/javascript/)
  })

  test('the token is in no log', async () => {
    const token = (await ditty('ditty', 'url')).stdout.trim().split('=')[1]!
    const { stdout, stderr } = await podman('logs', `${id}-ditty`)
    expect(stdout).toContain('ditty is at http://127.0.0.1:7681\n')
    expect(stdout + stderr).not.toContain(token)
  })

  test('a command of the API finds a UTF-8 terminal, a home, the time zone asked for and the words on its PATH', async () => {
    const command = 'echo $LANG $TERM; type ping; echo 你好 | wc -m; TZ=Asia/Shanghai date +%Z; cd; pwd'
    expect(await exec('/bin/bash', '-c', command)).toMatchObject({
      stdout: `C.UTF-8 xterm-256color\nping is /ditty/bin/ping\n3\nCST\n${isRoot ? '/root' : '/dev/shm'}\n`,
      stderr: '',
      exitCode: 0,
    })
  })

  test('orphans are reaped', async () => {
    const sleepers = async () =>
      (await events('ditty', 'ps')).filter(({ comm }) => comm === 'sleep').map(({ args }) => args)
    await exec('/bin/bash', '-c', 'setsid /bin/sleep 1.5 > /dev/null 2>&1 &')
    expect(await sleepers()).toContain('/bin/sleep 1.5')
    await delay(2000)
    expect(await sleepers()).toEqual(['/sleep 1000000'])
  })

  test('a stop is graceful: nothing has to be killed', async () => {
    await must('stop', '--time', '2', `${id}-ditty`)
    expect(await must('inspect', '--format', '{{.State.ExitCode}}', `${id}-ditty`)).toBe('0')
  })
})
