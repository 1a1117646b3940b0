/**
 * What a scout runs: a process that looks at one thing at a time and may be left behind where a file system never answers.
 * It ends with the channel to the process that sent it.
 */
import { type Look, lookNow } from './look.ts'
import type { ScoutMessage } from './message.ts'

const tell = (message: ScoutMessage) => process.send?.(message)

function answerTo(look: Look): ScoutMessage {
  try {
    return { type: 'seen', view: lookNow(look) }
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException
    return { type: 'failed', errno: code, message }
  }
}

// Ctrl-C goes to the whole group of a terminal: whoever sent us decides what it means.
process.on('SIGINT', () => undefined)
process.on('message', (look: Look) => tell(answerTo(look)))
process.on('disconnect', () => process.exit())
tell({ type: 'ready' })
