import { ApiError, apiUrl, problemOf } from './client.ts'
import type { FileInfo, Path, Target } from './container-files.ts'

/** Something below a folder: what is known of it, and where it stands. */
export interface Found {
  info: FileInfo
  path: Path
}

/** What a search tells, one by one: what it finds, where it could not look, and at the end whether there may be more. */
export type SearchEvent =
  | ({ type: 'found' } & Found)
  | { type: 'trouble'; path: string; reason: string }
  | { type: 'summary'; limited: boolean }

/** No list is read further than that. */
const limit = 1000

/**
 * All below a folder whose name holds a word, or fits it where it has `*` or `?`, in any case, as the server comes upon it.
 * From the top the kernel's own /proc and /sys are left out. Throws ApiError, and AbortError after `signal`.
 */
export async function* searchBelow(
  target: Target,
  folder: Path,
  word: string,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent> {
  const response = await fetch(apiUrl('tools/files'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/x-ndjson' },
    body: JSON.stringify({
      ...(target === undefined || target === 'self' ? {} : { target }),
      paths: [`/${folder.map(({ name }) => name).join('/')}`],
      show: 'find',
      iname: patternOf(word),
      minDepth: 1,
      skip: folder.length === 0 ? ['proc', 'sys'] : [],
      limit,
    }),
    signal,
  })
  if (!response.ok || response.body === null) throw problemOf(response.status, await response.text())
  for await (const line of lines(response.body)) {
    const event = JSON.parse(line) as Entry | Failure | Exclude<SearchEvent, Found>
    if (event.type === 'error') throw new ApiError(response.status, event.message)
    yield event.type === 'entry' ? foundBy(event) : event
  }
}

const patternOf = (word: string) => (/[*?]/.test(word) ? word : `*${word.replace(/[[\\]/g, '\\$&')}*`)

async function* lines(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const pieces = (rest + part.value).split('\n')
    rest = pieces.pop()!
    yield* pieces
  }
}

interface Entry extends Omit<FileInfo, 'type'> {
  type: 'entry'
  fileType: FileInfo['type']
  path: string
  pathBase64?: string
}

/** What stopped a search that had begun. */
interface Failure {
  type: 'error'
  message: string
}

const foundBy = ({ path, pathBase64, fileType, ...info }: Entry): SearchEvent => ({
  type: 'found',
  info: { ...info, type: fileType },
  path: pathOf(path, pathBase64),
})

function pathOf(shown: string, base64: string | undefined): Path {
  const names = namesOf(shown)
  if (base64 === undefined) return names.map(name => ({ name }))
  const bytes = namesOf(atob(base64))
  return names.map((name, at) => ({ name, nameBase64: btoa(bytes[at]!) }))
}

const namesOf = (path: string) => path.split('/').filter(name => name !== '')
