import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { decodeServerFrame, encodeClientFrame } from '../../server/protocol/terminal-frames.ts'
import type { Arena } from './contest.ts'
import { authorization, Server } from './ditty.ts'
import { elapsed } from './timing.ts'
import { Ttyd } from './ttyd.ts'

const megabytes = 60
const end = 'END-OF-THE-FLOOD'
/** The shell waits for a line, so that nothing is written before the client looks, and stays: ttyd loses the last bytes of one that leaves. */
const flood = (file: string) => ['/bin/sh', '-c', `read line; cat ${file}; printf ${end}; read line`]

/** 60 MB of plain text through the WebSocket to a client that only counts, beside ttyd and a C program that reads a PTY. */
export async function terminal(): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'ditty-bench-'))
  const file = join(folder, 'text')
  const line = `${'The quick brown fox jumps over the lazy dog. '.repeat(2).slice(0, 79)}\n`
  writeFileSync(file, line.repeat((megabytes * 1e6) / line.length))
  const server = await Server.start()
  const ttyd = await Ttyd.start(flood(file))
  return {
    contests: [
      {
        name: `terminal, ${megabytes} MB of text`,
        unit: 'MB/s',
        better: 'more',
        rounds: 7,
        ours: async () => rate(await throughDitty(server, file)),
        peers: { ttyd: async () => rate(await throughTtyd(ttyd)), script: async () => rate(await throughScript(file)) },
        goal: { ratio: 1 },
      },
    ],
    async [Symbol.asyncDispose]() {
      await ttyd[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

const rate = (ms: number) => (megabytes * 1000) / ms

async function throughDitty(server: Server, file: string): Promise<number> {
  const { id } = await server.json<{ id: string }>('/api/v1/terminals', { cols: 80, rows: 24, command: flood(file) })
  const address = `ws://127.0.0.1:${server.port}/api/v1/terminals/${id}/stream?after=0`
  const socket = new WebSocket(address, 'ditty.terminal.v1', { headers: authorization, perMessageDeflate: false })
  await once(socket, 'open')
  const time = await elapsed(async () => {
    socket.send(encodeClientFrame({ type: 'input', bytes: Buffer.from('\n') }))
    let acked = 0
    await untilEnd(socket, data => {
      const frame = decodeServerFrame(data)
      if (frame.type !== 'output') return undefined
      const rendered = Number(frame.offset) + frame.bytes.length
      if (rendered - acked >= 1 << 15) {
        acked = rendered
        socket.send(encodeClientFrame({ type: 'ack', offset: rendered }))
      }
      return frame.bytes
    })
  })
  await fetch(server.url(`/api/v1/terminals/${id}`), { method: 'DELETE', headers: authorization })
  return time
}

async function throughTtyd(ttyd: Ttyd): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${ttyd.port}/ws`, 'tty', { perMessageDeflate: false })
  await once(socket, 'open')
  socket.send(JSON.stringify({ AuthToken: '', columns: 80, rows: 24 }))
  await once(socket, 'message')
  return elapsed(async () => {
    socket.send(Buffer.from('0\n'))
    await untilEnd(socket, data => (data[0] === 0x30 ? data.subarray(1) : undefined))
  })
}

/** Resolves when the last bytes of the flood have come, and hangs up. */
async function untilEnd(socket: WebSocket, outputOf: (data: Buffer) => Uint8Array | undefined): Promise<void> {
  let tail = ''
  await new Promise<void>((resolve, reject) => {
    socket.on('close', () =>
      reject(new Error(`the connection closed before the end of the flood, after ${JSON.stringify(tail)}`)),
    )
    socket.on('message', (data: Buffer) => {
      const output = outputOf(data)
      if (!output) return
      tail = (tail + Buffer.from(output.subarray(-end.length)).toString('latin1')).slice(-end.length)
      if (tail === end) resolve()
    })
  })
  socket.terminate()
}

/** script(1) of util-linux copies a PTY to its standard output: what a C program can read. */
async function throughScript(file: string): Promise<number> {
  return elapsed(async () => {
    const child = spawn('script', ['-qc', `cat ${file}`, '/dev/null'], { stdio: ['ignore', 'ignore', 'ignore'] })
    await once(child, 'exit')
  })
}
