import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { freePort, untilOk } from '../../scripts/probe.ts'
import { decodeServerFrame, encodeClientFrame, terminalSubprotocol } from '../../server/protocol/terminal-frames.ts'
import { buildImage, inside, must, podman } from './podman.ts'

beforeAll(buildImage, 600_000)

const id = `ditty-test-${randomBytes(4).toString('hex')}`
const token = randomBytes(16).toString('hex')
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
afterEach(() => podman('rm', '--force', '--time', '0', id))

/** Started with nothing of it in the page cache, so that its own text is charged to its own limit. */
async function startCold(memory: string): Promise<string> {
  const port = await freePort()
  const limits = ['--memory', memory, '--memory-swap', memory, '--user', '65532', '--cap-drop', 'ALL', '--read-only']
  writeFileSync('/proc/sys/vm/drop_caches', '3')
  const network = ['--network', 'host', '--env', `DITTY_TOKEN=${token}`]
  await must('run', '--detach', '--name', id, ...network, ...limits, 'ditty', 'serve', '--port', String(port))
  await untilOk(`http://127.0.0.1:${port}/readyz`)
  return `127.0.0.1:${port}`
}

/** Applets that the kernel took, or the server: `oom_kill` of memory.oom_control (cgroup v1) or memory.events (v2). */
async function kills(): Promise<number> {
  const files = '/sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events'
  const { stdout } = await inside(id, '/bin/bash', '-c', `cat ${files} 2> /dev/null`)
  return Number(/^oom_kill (\d+)$/m.exec(stdout)?.[1])
}

test('in 128 MiB, started cold, 60 MB flow through a terminal beside three applets, and nothing is killed', async () => {
  const address = await startCold('128m')
  const applets = Promise.all(
    [
      ['ping', '-c', '3', '-i', '0.2', '--tcp', new URL(`http://${address}`).port, '127.0.0.1'],
      ['ss', '-tan'],
      ['ps', 'aux'],
    ].map(words => inside(id, ...words)),
  )
  const lines = 60e6 / 80
  const bytes = await flood(address, `yes ${'x'.repeat(78)} | head -n ${lines}; printf THE-END`)
  expect(bytes).toBeGreaterThanOrEqual(lines * 80)
  expect((await applets).map(({ status }) => status)).toEqual([0, 0, 0])
  expect(await kills()).toBe(0)
  await untilOk(`http://${address}/readyz`)
})

test('96 MiB hold the server with two applets', async () => {
  const address = await startCold('96m')
  const applets = await Promise.all([inside(id, 'ss', '-tan'), inside(id, 'ps', 'aux')])
  expect(applets.map(({ status }) => status)).toEqual([0, 0])
  expect(await kills()).toBe(0)
  await untilOk(`http://${address}/readyz`)
})

/** Runs a command in a terminal, acks what comes, and counts it until the end is seen. */
async function flood(address: string, command: string): Promise<number> {
  const request = { cols: 80, rows: 24, command: ['/bin/bash', '-c', command] }
  const made = await fetch(`http://${address}/api/v1/terminals`, {
    method: 'POST',
    headers,
    body: JSON.stringify(request),
  })
  const { id } = (await made.json()) as { id: string }
  const socket = new WebSocket(`ws://${address}/api/v1/terminals/${id}/stream?after=0`, terminalSubprotocol, {
    headers,
  })
  let received = 0
  let tail = ''
  socket.on('message', (data: Buffer) => {
    const frame = decodeServerFrame(data)
    if (frame.type !== 'output') return
    expect(frame.offset).toBe(received)
    received += frame.bytes.length
    tail = (tail + Buffer.from(frame.bytes.subarray(-7)).toString('latin1')).slice(-7)
    socket.send(encodeClientFrame({ type: 'ack', offset: received }))
    if (tail === 'THE-END') socket.close()
  })
  await once(socket, 'close')
  return received
}
