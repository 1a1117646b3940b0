import type { Chunk, Renderer, Screen } from '../../../core/tool.ts'
import { byteTextOf, rawText } from '../byte-text.ts'
import type { Action } from '../expression/expression.ts'
import { parseExpression } from '../expression/parse.ts'
import type { Found } from '../found.ts'
import { onTerminal, pathChunk } from '../printable-path.ts'
import type { FilesEvent } from '../run.ts'
import type { FilesInput } from '../schema.ts'
import { problemWords, Remedies } from '../trouble-text.ts'
import { lsLines } from './ls.ts'
import { parsePrintf } from './printf.ts'

type Show = (found: Found) => Chunk | Chunk[]

/** What find(1) prints. */
export function renderFind({ expression }: FilesInput, { isTerminal }: Screen): Renderer<FilesEvent> {
  const { actions } = parseExpression(expression)
  const print = printer(isTerminal)
  const shows = actions.map(action => showOf(action, print, isTerminal))
  const remedies = new Remedies()
  return event => {
    if (event.type === 'entry') {
      const found = event as Found
      return found.actions ? found.actions.flatMap(action => shows[action]!(found)) : print(found)
    }
    if (event.type === 'trouble') {
      remedies.add(event)
      return { stderr: `find: ‘${onTerminal(byteTextOf(event.path))}’: ${problemWords(event)}\n` }
    }
    return event.type === 'summary' ? remedies.text('find') : undefined
  }
}

const beyondPrint = /[^\x20-\x7e]/

function printer(isTerminal: boolean): Show {
  return ({ pathBytes }) => {
    if (!beyondPrint.test(pathBytes)) return `${pathBytes}\n`
    const chunk = pathChunk(pathBytes, isTerminal)
    return typeof chunk === 'string' ? `${chunk}\n` : [chunk, '\n']
  }
}

function showOf(action: Action, print: Show, isTerminal: boolean): Show {
  switch (action.is) {
    case 'print':
      return print
    case 'print0':
      return ({ pathBytes }) => [rawText(pathBytes), '\0']
    case 'ls':
      return lsLines(isTerminal)
    case 'printf': {
      const { text } = parsePrintf(action.format)
      return found => rawText(text(found))
    }
  }
}
