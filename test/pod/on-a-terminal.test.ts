import { randomBytes } from 'node:crypto'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { sitDown } from './person.ts'
import { buildImage, inside, podman, restricted } from './podman.ts'

beforeAll(buildImage, 600_000)

const id = `ditty-test-${randomBytes(4).toString('hex')}`
afterEach(() => podman('rm', '--force', '--time', '0', id))

const runs = (...flags: string[]) =>
  sitDown('run', '--interactive', '--tty', '--network', 'none', '--name', id, ...flags, 'ditty')

test('with a terminal on its input the image gives a shell at once, with the server behind it', async () => {
  const person = await runs(...restricted)
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
  const person = await runs()
  await person.sees(/[#$] \S*$/)
  const { status } = await podman('stop', '--time', '2', id)
  expect(status).toBe(0)
  expect(await person.left).not.toBe(137)
})
