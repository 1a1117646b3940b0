import type { Request, Response } from 'express'
import { ToolError } from '../../core/errors.ts'
import { writeArchive } from '../../transfer/archive.ts'
import { put, sendFile } from '../../transfer/send-file.ts'
import type { Source } from '../../transfer/source.ts'
import { queryOf } from '../path.ts'
import { attachment } from './attachment.ts'
import { rangeOf } from './range.ts'

/** A person may pause a download; a client that takes nothing for so long, in ms, is gone. */
const stalledMs = 600_000

type FileSource = Extract<Source, { kind: 'file' }>

/** Who wants to know how far it went. */
export interface Watcher {
  progress(from: number, to: number): void
  finish(from: number): void
}

const nobody: Watcher = { progress() {}, finish() {} }

/**
 * Answers with a file, or a part of it, or with a folder as a zip. Throws before the first byte; a failure after it cuts the
 * connection, so that nobody takes half for the whole.
 */
export async function sendSource(
  request: Request,
  response: Response,
  source: Source,
  watcher = nobody,
): Promise<void> {
  const { kind, modified } = source
  response.setTimeout(stalledMs)
  response.setHeader('Last-Modified', modified.toUTCString())
  if (kind === 'file') await answerFile(request, response, source, watcher)
  else await answerFolder(request, response, source, watcher)
}

async function answerFile(request: Request, response: Response, source: FileSource, watcher: Watcher): Promise<void> {
  const { sizeBytes, etag, name } = source
  response.setHeader('Content-Type', 'application/octet-stream')
  response.setHeader('Content-Disposition', attachment(name))
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

async function answerFolder(request: Request, response: Response, source: Source, watcher: Watcher): Promise<void> {
  const archive = queryOf(request).get('archive')
  if (archive !== 'zip')
    throw new ToolError('invalid_input', `${source.name} is a folder`, {
      remedy: 'add archive=zip to the query to get it as a zip',
    })
  response.setHeader('Content-Type', 'application/zip')
  response.setHeader('Content-Disposition', attachment(`${source.name}.zip`))
  await body(request, response, async () => {
    const count = setInterval(() => watcher.progress(0, response.socket?.bytesWritten ?? 0), 200)
    try {
      await writeArchive(source.handle, source.name, response)
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
