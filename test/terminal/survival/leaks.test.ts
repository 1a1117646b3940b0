import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type House, startHouse } from './house.ts'

/** What V8 may put off collecting; 4 KiB left behind by each open would be more. */
const slack = 40 << 20

const openFiles = ({ pid }: House) => readdirSync(`/proc/${pid}/fd`).length
const children = ({ pid }: House) =>
  readdirSync(`/proc/${pid}/task`)
    .flatMap(task => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
    .filter(child => child !== '').length
const threads = ({ pid }: House) => readdirSync(`/proc/${pid}/task`).length

/** Waits until the server holds no more than before; the test's own time limit ends a wait in vain. */
async function comesBackTo(what: (house: House) => number, house: House, before: number): Promise<void> {
  while (what(house) > before) await delay(20)
}

/** Does `work` `times` over, a few at once. */
async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  let left = times
  const worker = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

test('10,000 opens in a row leave no descriptor, no viewer and no memory', async () => {
  const house = await startHouse()
  const id = await house.run('stty -echo; echo ready; while read -r line; do echo "<$line>"; done')
  const open = async () => {
    const client = await house.connect(id).opened()
    await client.gets(frame => frame.type === 'state')
    client.socket.close()
    await client.closed
    house.forget(client)
  }
  await repeat(500, open)
  const before = openFiles(house)
  const memory = house.memory.watch()
  await repeat(10_000, open)
  await comesBackTo(openFiles, house, before)
  expect(memory.used()).toBeLessThan(slack)
  const last = await house.connect(id).opened()
  last.type('still here\r')
  await last.shows('<still here>')
  expect(last.state()?.viewers).toHaveLength(1)
}, 120_000)

test('sessions that come and go, some of them looked at, leave no process, thread, descriptor or memory', async () => {
  const house = await startHouse({ keepEndedMs: 100 })
  const live = async () => {
    const id = await house.run('echo ready; exec cat')
    const client = house.connect(id)
    await client.shows('ready')
    client.type('\x04')
    await client.closed
    house.forget(client)
  }
  await repeat(20, live)
  await delay(200)
  const [files, before, processes] = [openFiles(house), threads(house), children(house)]
  const memory = house.memory.watch()
  await repeat(300, live)
  await comesBackTo(openFiles, house, files)
  await comesBackTo(threads, house, before)
  await comesBackTo(children, house, processes)
  expect(memory.used()).toBeLessThan(slack)
}, 120_000)
