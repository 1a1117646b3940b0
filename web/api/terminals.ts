import { type TerminalSize, terminalSubprotocol } from '../../server/protocol/terminal-frames.ts'
import { apiUrl, call } from './client.ts'

const pathOf = (id: string) => `terminals/${encodeURIComponent(id)}`

/** What the page reads of a session that exists. */
export interface TerminalInfo {
  id: string
  title: string
  name?: string | null
  command: string[]
  cols: number
  rows: number
  running: boolean
  exitCode: number | null
  signal: string | null
  /** RFC 3339. */
  startTime: string
  viewers: number
  /** Bytes of output so far. */
  nextOffset: number
  /** What runs beside the shell itself; null at a prompt. */
  foreground?: { pid: number; comm: string } | null
  cwd?: string | null
  lastOutputTime?: string | null
}

/** Starts a session of that size, so that its first byte is written for the right one; of the shell unless told otherwise. Throws ApiError. */
export const createTerminal = async (
  { cols, rows }: TerminalSize,
  program: { command?: string[]; name?: string } = {},
): Promise<TerminalInfo> =>
  (await call('terminals', { method: 'POST', body: { cols, rows, ...program } })) as TerminalInfo

/** All sessions of the server, the oldest first. */
export async function listTerminals(): Promise<TerminalInfo[]> {
  const { terminals } = (await call('terminals', { method: 'GET' })) as { terminals: TerminalInfo[] }
  return terminals
}

/**
 * `link`: the token of a link, in place of the cookie. Throws ApiError: 404 for a session that is no longer known, 401 without a
 * valid cookie or link, 0 when nothing answers.
 */
export const readTerminal = async (id: string, link?: string): Promise<TerminalInfo> =>
  (await call(pathOf(id), { method: 'GET', ...(link === undefined ? {} : { token: link }) })) as TerminalInfo

/** Ends a session that runs; forgets one that has ended. */
export async function endTerminal(id: string): Promise<void> {
  await call(pathOf(id), { method: 'DELETE' })
}

/** An empty name takes the name away. */
export const renameTerminal = async (id: string, name: string): Promise<TerminalInfo> =>
  (await call(pathOf(id), { method: 'PATCH', body: { name: name || null } })) as TerminalInfo

/** A token that opens this session's stream and nothing else. */
export async function createLink(id: string, readOnly: boolean): Promise<string> {
  const { token } = (await call(`${pathOf(id)}/links`, { method: 'POST', body: { readOnly } })) as { token: string }
  return token
}

/** Ends every link to this session, and sends away who came by one. */
export async function revokeLinks(id: string): Promise<void> {
  await call(`${pathOf(id)}/links`, { method: 'DELETE' })
}

/** The address of a session's stream; `after` is the offset of the byte wanted next, undefined for a first attach. */
export function streamUrl(id: string, client: string, after: number | undefined): URL {
  const url = apiUrl(`${pathOf(id)}/stream`)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.searchParams.set('client', client)
  if (after !== undefined) url.searchParams.set('after', String(after))
  return url
}

/** A browser sends no header of ours with a WebSocket, so the token of a link travels as a subprotocol. */
export const streamProtocols = (link: string | undefined): string[] =>
  link === undefined ? [terminalSubprotocol] : [terminalSubprotocol, `ditty.link.${link}`]
