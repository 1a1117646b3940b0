import type { Request, Response } from 'express'
import { shownName } from '../../core/shown-name.ts'
import { errnoOf } from '../../linux/linux.ts'
import type { Folder } from '../../linux/root/folder.ts'
import { etagOf } from '../../transfer/source.ts'
import type { Upload, UploadTarget } from '../../transfer/upload.ts'
import type { Uploads } from '../../transfer/uploads.ts'
import { Problem } from '../problem.ts'
import { refusing } from '../transfers/uploads.ts'
import { type Part, partOf } from './content-range.ts'
import { infoOf } from './describe.ts'
import { Precondition } from './precondition.ts'
import type { Visit } from './visit.ts'

/** Beside the ids of terminals, which begin with no slash. */
const owner = '/files'

interface Writing {
  visit: Visit
  uploads: Uploads
  request: Request
  response: Response
  precondition: Precondition
  folder: Folder
  name: Buffer
}

/**
 * PUT: a file in whole, or a part of one with `Content-Range`; `?directory` makes a folder. A file grows under a hidden name beside
 * its place, so that nobody reads half of it, and keeps owner and mode of the one it replaces. A link at the end leads on.
 */
export async function write(visit: Visit, uploads: Uploads, request: Request, response: Response): Promise<void> {
  const writing = await writingOf(visit, uploads, request, response)
  const { folder, name } = writing
  using _ = folder
  if (visit.query.has('directory')) return await makeFolder(visit, folder, name, response)
  const part = partOf(request)
  if (part) await writePart(writing, part)
  else await writeWhole(writing)
}

/** DELETE with the `Content-Range` that asks: an upload that is no longer wanted leaves nothing behind. */
export async function abandon(visit: Visit, uploads: Uploads, request: Request, response: Response): Promise<void> {
  const writing = await writingOf(visit, uploads, request, response)
  using _ = writing.folder
  const upload = uploads.find(owner, await identityOf(writing, partOf(request)?.totalBytes ?? 0))
  await upload?.interrupt()
  if (upload) await uploads.drop(upload.id)
  response.status(204).end()
}

async function writingOf(visit: Visit, uploads: Uploads, request: Request, response: Response): Promise<Writing> {
  const place = await visit.root.parent(visit.path, { follow: true })
  return { visit, uploads, request, response, precondition: new Precondition(request), ...place }
}

async function makeFolder(visit: Visit, folder: Folder, name: Buffer, response: Response): Promise<void> {
  try {
    await folder.makeFolder(name)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw new Problem('already_exists', `${shownName(visit.path)} is there already`)
    throw error
  }
  await tellWritten(visit, folder, name, response.status(201))
}

async function writeWhole(writing: Writing): Promise<void> {
  const { uploads, request } = writing
  const length = request.get('Content-Length')
  const upload = await begin(writing, length === undefined ? null : Number(length), `${crypto.randomUUID()}`)
  try {
    await refusing(upload.append(0, request))
    await finish(writing, upload)
  } finally {
    if (!upload.isComplete) await uploads.drop(upload.id)
  }
}

async function writePart(writing: Writing, { from, totalBytes }: Part): Promise<void> {
  const { uploads, request, response } = writing
  const identity = await identityOf(writing, totalBytes)
  const known = uploads.find(owner, identity)
  await known?.interrupt()
  if (from === undefined) return tellOffset(response, known, totalBytes)
  if (from === 0 && known) await uploads.drop(known.id)
  if (from > 0 && !known) throw elsewhere(0, from)
  const upload = from > 0 && known ? known : await begin(writing, totalBytes, identity)
  await refusing(upload.append(from, request))
  if (upload.offset < totalBytes) return tellOffset(response, upload, totalBytes)
  try {
    await finish(writing, upload)
  } catch (error) {
    await uploads.drop(upload.id)
    throw error
  }
}

const elsewhere = (offset: number, from: number) =>
  new Problem('offset_mismatch', `the upload stands at ${offset}, not at ${from}`, {
    remedy: 'go on at the offset that Upload-Offset tells',
    headers: { 'Upload-Offset': String(offset) },
  })

async function begin(
  { visit, uploads, precondition, folder, name }: Writing,
  sizeBytes: number | null,
  identity: string,
) {
  await precondition.check(folder, name)
  const target: UploadTarget = { directory: await folder.handle(), name, path: shownName(visit.path) }
  const wish = { sizeBytes, modifiedTime: undefined, overwrite: !precondition.wantsNew, keepsOwner: true }
  return await refusing(uploads.beginAt(owner, target, { ...wish, verify: precondition.check }, identity))
}

async function finish({ visit, uploads, response, folder, name }: Writing, upload: Upload): Promise<void> {
  const isNew = await folder.status(name).then(
    () => false,
    () => true,
  )
  await refusing(uploads.settle(upload))
  await tellWritten(visit, folder, name, response.status(isNew ? 201 : 200))
}

async function tellWritten(visit: Visit, folder: Folder, name: Buffer, response: Response): Promise<void> {
  const status = await folder.status(name)
  if (status.type === 'file') response.setHeader('ETag', etagOf(status))
  const info = infoOf({ name, type: undefined, status }, await visit.root.names())
  response.json({ target: visit.target, path: shownName(visit.path), ...info })
}

function tellOffset(response: Response, upload: Upload | undefined, totalBytes: number): void {
  response.setHeader('Upload-Offset', upload?.offset ?? 0)
  response.setHeader('Upload-Complete', upload?.isComplete ? '?1' : '?0')
  response.setHeader('Upload-Length', totalBytes)
  response.status(202).end()
}

/** Of the place, the length and the conditions: whoever sends the same again goes on where it was cut. */
async function identityOf({ folder, name, precondition }: Writing, totalBytes: number): Promise<string> {
  const { deviceNumber, inode } = await folder.status()
  return [deviceNumber, inode, name.toString('hex'), totalBytes, precondition.identity].join(':')
}
