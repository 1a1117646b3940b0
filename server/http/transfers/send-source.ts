import type { Request, Response } from 'express'
import { ToolError } from '../../core/errors.ts'
import type { Folder } from '../../linux/root/folder.ts'
import { type ArchiveFormat, archiveFormats, writeArchive } from '../../transfer/archive.ts'
import { put, sendFile } from '../../transfer/send-file.ts'
import type { FileSource, Source } from '../../transfer/source.ts'
import { queryOf } from '../path.ts'
import { attachment } from './attachment.ts'
import { rangeOf } from './range.ts'

/** A person may pause a download; a client that takes nothing for so long, in ms, is gone. */
const stalledMs = 600_000

/** Who wants to know how far it went. */
export interface Watcher {
  progress(from: number, to: number): void
  finish(from: number): void
}

const nobody: Watcher = { progress() {}, finish() {} }

/** How a file is shown to a browser. */
export interface Look {
  contentType: string
  /** `Content-Disposition`. */
  disposition: string
}

const download = (name: string): Look => ({ contentType: 'application/octet-stream', disposition: attachment(name) })

/**
 * Answers with a file, or a part of it, or with a folder as an archive. Throws before the first byte; a failure after it cuts the
 * connection, so that nobody takes half for the whole.
 */
export async function sendSource(
  request: Request,
  response: Response,
  source: Source,
  watcher = nobody,
): Promise<void> {
  if (source.kind === 'file') return await sendFileSource(request, response, source, download(source.name), watcher)
  const format = formatOf(request)
  if (!format)
    throw new ToolError('invalid_input', `${source.name} is a folder`, {
      remedy: 'add archive=zip or archive=tar to the query to get all of it',
    })
  response.setHeader('Last-Modified', source.modified.toUTCString())
  await sendArchive(request, response, { format, folder: source.folder, name: source.name }, watcher)
}

/** What `archive` of the query asks for. Throws ToolError `invalid_input`. */
export function formatOf(request: Request): ArchiveFormat | undefined {
  const word = queryOf(request).get('archive')
  if (word === null) return undefined
  const format = archiveFormats.find(name => name === word)
  if (format) return format
  const message = `is one of ${archiveFormats.join(', ')}`
  throw new ToolError('invalid_input', `archive: ${message}`, { fields: [{ path: 'archive', message }] })
}

export async function sendFileSource(
  request: Request,
  response: Response,
  source: FileSource,
  look: Look,
  watcher = nobody,
): Promise<void> {
  const { sizeBytes, etag, modified } = source
  response.setTimeout(stalledMs)
  response.setHeader('Last-Modified', modified.toUTCString())
  response.setHeader('Content-Type', look.contentType)
  response.setHeader('Content-Disposition', look.disposition)
  if (sizeBytes === null) return body(request, response, () => sendAll(response, source, watcher))
  const lastModified = String(response.getHeader('Last-Modified'))
  const range = rangeOf(request, { sizeBytes, etag, lastModified })
  const { from, to } = range ?? { from: 0, to: sizeBytes }
  response.setHeader('Accept-Ranges', 'bytes')
  response.setHeader('ETag', etag)
  response.setHeader('Content-Length', to - from)
  if (range) response.status(206).setHeader('Content-Range', `bytes ${from}-${to - 1}/${sizeBytes}`)
  await body(request, response, () => sendPart(response, source, from, to, watcher))
}

async function sendPart(response: Response, source: FileSource, from: number, to: number, watcher: Watcher) {
  if (source.content) await put(response, source.content.subarray(from, to)).then(() => watcher.progress(from, to))
  else await sendFile(source.handle, from, to, response, upTo => watcher.progress(from, upTo))
  watcher.finish(from)
}

async function sendAll(response: Response, { handle }: FileSource, watcher: Watcher): Promise<void> {
  await sendFile(handle, 0, null, response, upTo => watcher.progress(0, upTo))
  watcher.finish(0)
}

export interface FolderArchive {
  format: ArchiveFormat
  folder: Folder
  name: string
}

export async function sendArchive(
  request: Request,
  response: Response,
  { format, folder, name }: FolderArchive,
  watcher = nobody,
): Promise<void> {
  response.setTimeout(stalledMs)
  response.setHeader('Content-Type', format === 'zip' ? 'application/zip' : 'application/x-tar')
  response.setHeader('Content-Disposition', attachment(`${name}.${format}`))
  await body(request, response, async () => {
    const count = setInterval(() => watcher.progress(0, response.socket?.bytesWritten ?? 0), 200)
    try {
      await writeArchive(format, folder, Buffer.from(name), response)
    } finally {
      clearInterval(count)
    }
    watcher.finish(0)
  })
}

const ofFile = ['Content-Disposition', 'Content-Range', 'Accept-Ranges', 'Last-Modified', 'ETag']

async function body(request: Request, response: Response, send: () => Promise<void>): Promise<void> {
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  try {
    await send()
    if (!response.writableEnded) response.end()
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy()
    for (const name of ofFile) response.removeHeader(name)
    throw error
  }
}
