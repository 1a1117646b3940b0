/** Terminals in a process of their own, whose memory can be looked at: starts a session a line of its input, with that script. */
import { createInterface } from 'node:readline'
import { openTerminals } from '../terminals-behind-sockets.ts'

const { sessions, port } = await openTerminals(JSON.parse(process.argv[2]!), '/')
const say = (answer: object) => process.stdout.write(`${JSON.stringify(answer)}\n`)
say({ port })
for await (const script of createInterface(process.stdin))
  say(await sessions.create({ cols: 80, rows: 24, command: ['bash', '-c', script] }))
await sessions.close()
process.exit(0)
