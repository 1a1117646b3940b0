import type { TerminalSize } from '../../server/protocol/terminal-frames.ts'
import { apiUrl, call } from './client.ts'

const pathOf = (id: string) => `terminals/${encodeURIComponent(id)}`

/** Starts a session of that size, so that its first byte is written for the right one; gives its id. Throws ApiError. */
export async function createTerminal(size: TerminalSize): Promise<string> {
  const { id } = (await call('terminals', { method: 'POST', body: size })) as { id: string }
  return id
}

/** What the page reads of a session that exists. */
export interface TerminalInfo {
  title: string
  /** Bytes of output so far. */
  nextOffset: number
}

/** Throws ApiError: 404 for a session that is no longer known, 401 without a valid cookie, 0 when nothing answers. */
export async function readTerminal(id: string): Promise<TerminalInfo> {
  return (await call(pathOf(id), { method: 'GET' })) as TerminalInfo
}

/** The address of a session's stream; `after` is the offset of the byte wanted next, undefined for a first attach. */
export function streamUrl(id: string, after: number | undefined): URL {
  const url = apiUrl(`${pathOf(id)}/stream`)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  if (after !== undefined) url.searchParams.set('after', String(after))
  return url
}
