import { Payload } from '../../core/payload.ts'
import type { Chunk, Flag, Renderer } from '../../core/tool.ts'
import { standardInput } from '../contents/paths.ts'
import type { TroubleEvent } from '../contents/trouble.ts'
import { filterOf } from './filter.ts'
import type { ChangeEvent, FileEvent, ReadEvent, ReadInput, ReadView } from './schema.ts'

type Words = (event: TroubleEvent | ChangeEvent) => Chunk[]

/** Content on stdout, what is wrong with which file on stderr. `words` are those of the command it is. */
export function renderContent(input: ReadInput, view: ReadView, words: Words): Renderer<ReadEvent | Payload> {
  const filter = filterOf(view)
  const headers = new Headers(input, view)
  return event => {
    if (event instanceof Payload) return filter ? filter.push(event.bytes) : event.bytes
    switch (event.type) {
      case 'file':
        return headers.of(event)
      case 'trouble':
        return event.errno === 'EISDIR' ? [...headers.of(event), ...words(event)] : words(event)
      case 'change':
        return words(event)
      case 'summary':
        return filter ? filter.end() : undefined
    }
  }
}

class Headers {
  readonly #wanted: boolean
  #count = 0

  constructor({ paths }: ReadInput, { headers }: ReadView) {
    this.#wanted = headers === 'always' || (headers === 'auto' && paths.length > 1)
  }

  of({ path }: FileEvent | TroubleEvent): Chunk[] {
    if (!this.#wanted) return []
    const name = path === standardInput ? 'standard input' : path
    return [`${this.#count++ === 0 ? '' : '\n'}==> ${name} <==\n`]
  }
}

export const headerFlags: Flag[] = [
  { field: 'headers', short: 'q', long: 'quiet', value: 'never', help: 'No names above the content' },
  { field: 'headers', long: 'silent', value: 'never', help: 'The same' },
  { field: 'headers', short: 'v', long: 'verbose', value: 'always', help: 'Names even where there is one file' },
]

/** As head and tail say it. */
export function troubleText(command: string, { path, errno, problem }: TroubleEvent): string {
  if (errno === null) return `${command}: ${path}: ${problem}\n`
  const what = errno === 'EISDIR' ? `error reading '${path}'` : `cannot open '${path}' for reading`
  return `${command}: ${what}: ${problem}\n`
}

const ownWords: Words = event => [
  {
    stderr:
      event.type === 'trouble'
        ? `ditty read: ${event.message}\n${event.remedy === null ? '' : `ditty read: ${event.remedy}\n`}`
        : `ditty read: ${event.path}: ${event.change}${event.problem === null ? '' : `: ${event.problem}`}\n`,
  },
]

export const renderRead = (input: ReadInput, view: ReadView) => renderContent(input, view, ownWords)
