/** Another tab in which `yes` runs, in a process of its own: `flood-viewer.ts ditty|ttyd PORT`. Says when the flood is there; ends at SIGTERM. */
import { openDitty, openTtyd } from './wire.ts'

const [kind, port] = process.argv.slice(2)
const wire = await (kind === 'ditty' ? openDitty : openTtyd)(Number(port))
/** Past the first window, so that acks and buffers are as they will be. */
let toCome = 4 << 20
wire.onOutput = ({ length }) => {
  toCome -= length
  if (toCome + length > 0 && toCome <= 0) process.send?.('flooded')
}
wire.input('yes\n')
process.on('SIGTERM', async () => {
  await wire[Symbol.asyncDispose]()
  process.exit(0)
})
