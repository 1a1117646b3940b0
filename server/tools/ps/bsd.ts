import { ToolError } from '../../core/errors.ts'
import type { Draft } from '../../core/tool.ts'

/** How the values of letters that take one are read; the same as for flags with a dash. */
export interface ListReaders {
  readPids(word: string, previous: unknown): unknown[]
  readWords(word: string, previous: unknown): unknown[]
  readColumns(word: string, previous: unknown): unknown[]
  readSort(word: string, previous: unknown): unknown[]
}

/**
 * Reads a word without a dash in ps's BSD way into the draft: a cluster of letters (`aux`, `axo` with its value attached or in
 * the next word), or pids. `draft.pendingBsd` holds the letter that waits for its value.
 */
export function readBsdWord(word: string, draft: Draft, readers: ListReaders): void {
  if (draft.pendingBsd !== undefined) {
    const letter = String(draft.pendingBsd)
    delete draft.pendingBsd
    readValue(letter, word, draft, readers)
  } else if (/^\d/.test(word)) {
    draft.pids = readers.readPids(word, draft.pids)
    if (draft.layout === 'short') draft.layout = 'bsd'
  } else readCluster(word, draft, readers)
}

function readCluster(word: string, draft: Draft, readers: ListReaders): void {
  if (draft.layout === 'short') draft.layout = 'bsd'
  const valueAt = word.search(/[optUk]/)
  for (const letter of valueAt < 0 ? word : word.slice(0, valueAt)) readLetter(letter, draft)
  if (valueAt < 0) return
  const attached = word.slice(valueAt + 1)
  if (attached === '') draft.pendingBsd = word[valueAt]
  else readValue(word[valueAt]!, attached, draft, readers)
}

function readLetter(letter: string, draft: Draft): void {
  switch (letter) {
    case 'a':
      draft.scope = 'terminals'
      return
    case 'x':
      draft.withoutTerminal = true
      return
    case 'u':
      draft.layout = 'user'
      return
    case 'j':
      draft.layout = 'bsdJobs'
      return
    case 'f':
      draft.forest = true
      return
    case 'w':
      draft.wide = true
      return
    case 'h':
      draft.noHeaders = true
      return
    default:
      throw new ToolError('invalid_input', `ps has no letter ${letter} here; ps --help lists those it has`)
  }
}

function readValue(letter: string, word: string, draft: Draft, readers: ListReaders): void {
  switch (letter) {
    case 'o':
      draft.columns = readers.readColumns(word, draft.columns)
      return
    case 'p':
      draft.pids = readers.readPids(word, draft.pids)
      return
    case 't':
      draft.ttys = readers.readWords(word, draft.ttys)
      return
    case 'U':
      draft.users = readers.readWords(word, draft.users)
      return
    case 'k':
      draft.sort = readers.readSort(word, draft.sort)
  }
}
