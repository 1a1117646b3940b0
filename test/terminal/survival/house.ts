import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import type { Limits } from '../../../server/terminal/limits.ts'
import { type Acks, ackFrames, TerminalClient } from '../terminal-client.ts'

/** Pseudo-random bytes that are the same each time; `head` ends the endless cipher. */
const pseudoRandom = (bytes: number) =>
  `openssl enc -aes-128-ctr -K ${'5'.repeat(32)} -iv ${'a'.repeat(32)} -in /dev/zero 2>/dev/null | head -c ${bytes}`

/** A script that prints them on a terminal that passes them unchanged. */
export const printing = (bytes: number) => `stty raw -echo; ${pseudoRandom(bytes)}`

export const expectedBytes = (bytes: number): Buffer =>
  execFileSync('bash', ['-c', pseudoRandom(bytes)], { maxBuffer: bytes + 1 })

/** As the image runs it where 128 MiB are allowed; with 24 GB in sight V8 would put off collecting. */
const asInLittleMemory = ['--max-semi-space-size=4', '--max-old-space-size=64']

/** A terminal server in a process of its own; it and every client end with the test. */
export async function startHouse(limits: Partial<Limits> = {}) {
  const script = join(import.meta.dirname, 'server.ts')
  const server = spawn(process.execPath, [...asInLittleMemory, script, JSON.stringify(limits)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface(server.stdout)[Symbol.asyncIterator]()
  let asked: Promise<unknown> = Promise.resolve()
  /** Answers come in the order of the questions. */
  const answer = (question = '') => {
    if (question) server.stdin.write(`${question}\n`)
    const answered = asked.then(async () => JSON.parse((await answers.next()).value as string))
    asked = answered
    return answered
  }
  const { port } = await answer()
  const clients = new Set<TerminalClient>()
  onTestFinished(async () => {
    for (const { socket } of clients) socket.terminate()
    const gone = once(server, 'exit')
    server.stdin.end()
    await gone
  })
  return {
    pid: server.pid!,
    address: (id: string) => `ws://127.0.0.1:${port}/${id}`,
    memory: watchMemory(server),
    async run(script: string): Promise<string> {
      return (await answer(script)).id
    },
    connect(id: string, after: number | null = 0, acks: Acks = ackFrames): TerminalClient {
      const client = new TerminalClient(`ws://127.0.0.1:${port}/${id}`, { after, acks })
      clients.add(client)
      return client
    },
    /** One that has left by itself. */
    forget: (client: TerminalClient) => void clients.delete(client),
  }
}

export type House = Awaited<ReturnType<typeof startHouse>>

const KiB = 1024

/** The most anonymous memory a process had, in bytes, over what it had when first asked. */
function watchMemory({ pid }: ChildProcess) {
  const now = () => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * KiB
  return {
    /** Looks until the test ends; gives what was used beyond the start. */
    watch(): { used(): number } {
      const before = now()
      let most = before
      const timer = setInterval(() => {
        most = Math.max(most, now())
      }, 20)
      onTestFinished(() => clearInterval(timer))
      return { used: () => Math.max(most, now()) - before }
    },
  }
}
