import { ToolError } from '../../../core/errors.ts'
import { parseInput } from '../../../core/input.ts'
import { run } from '../../../core/run.ts'
import type { ToolContext } from '../../context.ts'
import type { SignalEvent } from '../../signal/schema.ts'

/** How long to look what comes of it. */
const waitMs = 500

/** Sends a signal as `ditty signal` does, and gives a line that says what came of it. */
export async function sendSignal(pid: number, word: string, context: ToolContext): Promise<string> {
  try {
    const { signal: tool } = await import('../../signal/tool.ts')
    const input = await parseInput(tool.input, { signal: word, pids: [pid], waitMs })
    const said: string[] = []
    for await (const event of run(tool as never, input, context)) {
      const line = lineOf(event as SignalEvent, word)
      if (line) said.push(line)
    }
    return said.at(-1) ?? `pid ${pid}: no such process`
  } catch (error) {
    const { message, remedy } = ToolError.from(error)
    return remedy ? `${message}; ${remedy}` : message
  }
}

function lineOf(event: SignalEvent, word: string): string | undefined {
  switch (event.type) {
    case 'sent':
      return `pid ${event.pid}: sent ${word}`
    case 'denied':
      return `pid ${event.pid}: not permitted: ${event.reason}; ${event.remedy}`
    case 'result':
      return `pid ${event.pid}: ${word}: ${event.outcome.replace('_', ' ')}${event.note ? `: ${event.note}` : ''}`
    default:
      return undefined
  }
}
