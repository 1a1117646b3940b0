import { apiUrl, call, problemOf } from './client.ts'

/** A name as the server tells it: text, or the bytes where they are none. */
export interface Name {
  name: string
  nameBase64?: string
}

export type Path = readonly Name[]

/** What is known of a file, a folder or whatever stands under a name. */
export interface FileInfo extends Name {
  type: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'character' | 'block' | 'unknown'
  mode: string | null
  uid: number | null
  user: string | null
  gid: number | null
  group: string | null
  sizeBytes: number | null
  inode: string | null
  /** ISO 8601. */
  modifiedTime: string | null
  linkTarget?: string
  /** What a link leads to in the end. */
  linkType?: string | null
  etag?: string
  /** Why nothing more is known of it. */
  problem?: string
}

export interface FolderList extends FileInfo {
  entries: FileInfo[]
  truncated: boolean
}

/** Whose files; undefined: those of the container that ditty was put beside. `self`: ditty's own. */
export type Target = string | undefined

/** A container's files are looked at by the server in at most a few seconds, even where they never answer. */
export function containerFileUrl(target: Target, path: Path, query: Record<string, string> = {}): URL {
  const url = apiUrl(`files/${path.map(encoded).join('/')}`)
  url.search = new URLSearchParams({ ...(target === undefined ? {} : { target }), ...query }).toString()
  return url
}

const encoded = ({ name, nameBase64 }: Name) =>
  nameBase64 === undefined
    ? encodeURIComponent(name)
    : Array.from(atob(nameBase64), byte => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

const routeOf = (target: Target, path: Path, query?: Record<string, string>) =>
  containerFileUrl(target, path, query).href

/** Throws ApiError, as all of these. */
export const listFolder = async (target: Target, path: Path): Promise<FolderList> =>
  (await call(routeOf(target, path), { method: 'GET' })) as FolderList

export const statFile = async (target: Target, path: Path): Promise<FileInfo> =>
  (await call(routeOf(target, path, { stat: '' }), { method: 'GET' })) as FileInfo

export async function makeFolder(target: Target, path: Path): Promise<void> {
  await call(routeOf(target, path, { directory: '' }), { method: 'PUT' })
}

export async function removeFile(target: Target, path: Path, isFolder: boolean): Promise<void> {
  await call(routeOf(target, path, isFolder ? { recursive: 'true' } : {}), { method: 'DELETE' })
}

/** Bytes of a file, from `from` up to and without `to`, and which version they are of. Empty past its end. */
export async function readBytes(target: Target, path: Path, from: number, to: number): Promise<Part> {
  const headers = { Range: `bytes=${from}-${to - 1}` }
  const response = await fetch(containerFileUrl(target, path), { headers, signal: AbortSignal.timeout(deadlineMs) })
  const etag = response.headers.get('ETag')
  if (response.status === 416) return { bytes: new Uint8Array(), etag }
  if (response.ok) return { bytes: new Uint8Array(await response.arrayBuffer()).subarray(0, to - from), etag }
  throw problemOf(response.status, await response.text())
}

export interface Part {
  bytes: Uint8Array<ArrayBuffer>
  etag: string | null
}

const deadlineMs = 15_000

/** Throws ApiError `precondition_failed` where another version is there than `etag` says; undefined takes its place all the same. */
export async function writeFile(target: Target, path: Path, text: string, etag: string | undefined): Promise<FileInfo> {
  const response = await fetch(containerFileUrl(target, path), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/octet-stream', ...(etag === undefined ? {} : { 'If-Match': etag }) },
    body: text,
    signal: AbortSignal.timeout(deadlineMs),
  })
  const answer = await response.text()
  if (response.ok) return JSON.parse(answer) as FileInfo
  throw problemOf(response.status, answer)
}
