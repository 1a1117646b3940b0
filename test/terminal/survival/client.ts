/**
 * A viewer in a process of its own, which can be stopped: resumes by itself, says a line for each MB, and at last how many
 * bytes it had, over how many connections, and their digest.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { TerminalClient } from '../terminal-client.ts'

const [address, bytes] = process.argv.slice(2)
const hash = createHash('sha256')
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
let offset = 0
let connections = 0
let told = 0
while (offset < Number(bytes)) {
  const client = new TerminalClient(address!, { after: offset })
  connections++
  let isOpen = true
  while (isOpen || client.chunks.length > 0) {
    const chunk = client.chunks.shift()
    if (chunk) {
      hash.update(chunk)
      offset += chunk.length
      const megabytes = Math.floor(offset / 1e6)
      if (megabytes > told) say({ offset })
      told = megabytes
    } else
      await Promise.race([
        once(client.socket, 'message'),
        client.closed.then(() => {
          isOpen = false
        }),
      ])
  }
}
say({ offset, connections, digest: hash.digest('hex') })
process.exit(0)
