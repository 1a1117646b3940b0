import { isUtf8 } from 'node:buffer'
import type { Request, Response } from 'express'
import { ToolError } from '../../core/errors.ts'
import { shownName } from '../../core/shown-name.ts'
import type { Folder } from '../../linux/root/folder.ts'
import { type FileSource, sourceAt } from '../../transfer/source.ts'
import { wantsStream } from '../media-type.ts'
import { NdjsonStream } from '../ndjson.ts'
import { attachment } from '../transfers/attachment.ts'
import { formatOf, type Look, sendArchive, sendFileSource } from '../transfers/send-source.ts'
import type { FileInfo, Names } from './describe.ts'
import { entriesOf, folderOf, lastName, mostEntries, statOf } from './look.ts'
import type { Visit } from './visit.ts'

/** From its beginning a file is taken for text or not. */
const probeBytes = 4096

/** Nothing that a file holds runs, loads or leads anywhere. */
const sandbox = "sandbox; default-src 'none'; frame-ancestors 'none'"

/** GET and HEAD: what stands there with `?stat`, a folder as a list or an archive, a file as its bytes. */
export async function read(visit: Visit, request: Request, response: Response): Promise<void> {
  const { root, path, query } = visit
  if (query.has('stat')) return void response.json(await statOf(visit, await root.names()))
  using place = await root.place(path)
  const { type } = await place.status()
  if (type === 'directory') {
    using folder = await place.folder()
    return await sendFolder(visit, folder, request, response)
  }
  const name = shownName(lastName(path))
  const source = await sourceAt(place, name, shownName(path))
  try {
    if (source.kind === 'file') await sendFile(source, query.has('download'), request, response)
  } finally {
    await source.handle.close()
  }
}

async function sendFile(source: FileSource, isDownload: boolean, request: Request, response: Response): Promise<void> {
  response.setHeader('Content-Security-Policy', sandbox)
  if (source.sizeBytes !== null && request.get('If-None-Match') === source.etag)
    return void response.status(304).setHeader('ETag', source.etag).end()
  await sendFileSource(request, response, source, await lookOf(source, isDownload))
}

/** Text is shown as text, whatever its name says; all else is kept as a file. */
async function lookOf(source: FileSource, isDownload: boolean): Promise<Look> {
  const isText = await holdsText(source)
  const contentType = isText ? 'text/plain; charset=utf-8' : 'application/octet-stream'
  const kept = attachment(source.name)
  return { contentType, disposition: isText && !isDownload ? kept.replace('attachment', 'inline') : kept }
}

async function holdsText({ content, handle }: FileSource): Promise<boolean> {
  const bytes = content?.subarray(0, probeBytes) ?? (await beginningOf(handle))
  if (bytes.includes(0)) return false
  // The last character may be cut.
  return [0, 1, 2, 3].some(cut => isUtf8(bytes.subarray(0, Math.max(0, bytes.length - cut))))
}

async function beginningOf(handle: FileSource['handle']): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(probeBytes), 0, probeBytes, 0)
  return buffer.subarray(0, bytesRead)
}

async function sendFolder(visit: Visit, folder: Folder, request: Request, response: Response): Promise<void> {
  const format = formatOf(request)
  if (format) {
    const name = shownName(lastName(visit.path)).replace(/^\/$/, visit.target.name)
    return await sendArchive(request, response, { format, folder, name })
  }
  const isStream = wantsStream(request)
  if (request.method === 'HEAD') return void response.type(isStream ? 'application/x-ndjson' : 'json').end()
  const names = await visit.root.names()
  if (isStream) await streamFolder(visit, folder, names, response)
  else response.json(await listFolder(visit, folder, names))
}

async function listFolder(visit: Visit, folder: Folder, names: Names) {
  const limit = limitOf(visit.query)
  const head = await folderOf(visit, folder, names)
  const entries: FileInfo[] = []
  for await (const slice of entriesOf(visit, folder, names)) {
    entries.push(...slice)
    if (entries.length > limit) break
  }
  const kept = entries.slice(0, limit).sort((a, b) => (a.name < b.name ? -1 : 1))
  return { ...head, entries: kept, truncated: entries.length > limit }
}

function limitOf(query: URLSearchParams): number {
  const word = query.get('limit')
  if (word === null) return mostEntries
  const limit = /^\d{1,9}$/.test(word) ? Number(word) : 0
  if (limit >= 1 && limit <= mostEntries) return limit
  const message = `is a number from 1 to ${mostEntries}; accept application/x-ndjson for all`
  throw new ToolError('invalid_input', `limit: ${message}`, { fields: [{ path: 'limit', message }] })
}

async function streamFolder(visit: Visit, folder: Folder, names: Names, response: Response): Promise<void> {
  const head = await folderOf(visit, folder, names)
  const lines = new NdjsonStream(response, visit.signal)
  let count = 0
  try {
    await lines.write({ record: 'folder', ...head })
    for await (const slice of entriesOf(visit, folder, names))
      for (const info of slice) {
        await lines.write({ record: 'entry', ...info })
        count++
      }
    await lines.write({ record: 'summary', entries: count })
    lines.end()
  } catch (error) {
    lines.fail(error)
  }
}
