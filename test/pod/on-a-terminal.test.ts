import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { openPty } from '../../server/terminal/pty.ts'
import { buildImage, environment, inside, podman, restricted, root } from './podman.ts'

beforeAll(buildImage, 600_000)

const id = `ditty-test-${randomBytes(4).toString('hex')}`
afterEach(() => podman('rm', '--force', '--time', '0', id))

test('with a terminal on its input the image gives a shell at once, with the server behind it', async () => {
  const person = await sitDown(...restricted)
  await person.sees(/ditty is at http:\/\/127\.0\.0\.1:7681\/#token=\S+/)
  await person.sees(/\$ \S*$/)
  person.types('echo $((6*7)) 你好; stty size\r')
  await person.sees(/\r42 你好\r\n30 100\r\n/)
  expect((await inside(id, 'curl', '-s', 'http://127.0.0.1:7681/readyz')).stdout).toContain('ok')
  person.types('sleep 100\r')
  await person.sees(/sleep 100\s+$/)
  person.types('\x03')
  await person.sees(/\^C/)
  person.types('exit 7\r')
  expect(await person.left).toBe(7)
})

test('a stop while a shell is there is graceful too', async () => {
  const person = await sitDown()
  await person.sees(/[#$] \S*$/)
  const { status } = await podman('stop', '--time', '2', id)
  expect(status).toBe(0)
  expect(await person.left).not.toBe(137)
})

/** Someone at `podman run -it` on a real PTY of 100 by 30. */
async function sitDown(...flags: string[]) {
  const left = Promise.withResolvers<number>()
  let screen = ''
  const plain = () => screen.replace(/\x1b\[[\d;?]*[a-zA-Z]|\x1b\][^\x07]*\x07/g, '')
  const words = ['run', '--interactive', '--tty', '--network', 'none', '--name', id, ...flags, 'ditty']
  const own = {
    PATH: environment.PATH ?? '',
    CONTAINERS_CONF: environment.CONTAINERS_CONF ?? '',
    TERM: 'xterm-256color',
  }
  const program = {
    file: '/usr/bin/podman',
    args: words,
    cwd: root,
    environment: { ...own, LANG: 'C.UTF-8', HOME: '/root' },
  }
  const pty = await openPty(
    program,
    { cols: 100, rows: 30 },
    {
      readable(bytes) {
        screen += Buffer.from(bytes).toString()
      },
      drain: () => undefined,
      exit: status => left.resolve(status),
      end: () => undefined,
    },
  )
  return {
    left: left.promise,
    types: (text: string) => pty.input.write(Buffer.from(text)),
    async sees(pattern: RegExp): Promise<void> {
      const deadline = performance.now() + 10_000
      while (!pattern.test(plain())) {
        if (performance.now() > deadline) throw new Error(`${pattern} was not seen in ${JSON.stringify(plain())}`)
        await delay(20)
      }
    },
  }
}
