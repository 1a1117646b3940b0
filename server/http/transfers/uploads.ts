import type { Request, Response, Router } from 'express'
import * as z from 'zod/mini'
import { ToolError } from '../../core/errors.ts'
import { parseInput } from '../../core/input.ts'
import { Refusal } from '../../transfer/refusal.ts'
import type { Upload } from '../../transfer/upload.ts'
import { makeDirectory } from '../../transfer/uploads.ts'
import { jsonBody } from '../json-body.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { Problem } from '../problem.ts'
import type { TransferDesk } from './desk.ts'

/** A path has at most 4 KiB. */
const bodyBytes = 64 * 1024
/** The media type of draft-ietf-httpbis-resumable-upload, whose header fields these are too. */
export const partialUpload = 'application/partial-upload'

export const uploadRequest = z.strictObject({
  path: z.string().check(z.describe('Relative; directories on the way are made')),
  place: z.optional(z.string()).check(z.describe('Where it is relative to; default: where the shell stands now')),
  sizeBytes: z._default(z.int().check(z.minimum(0)), 0).check(z.describe('Of the whole file')),
  modifiedTime: z.optional(z.int()).check(z.describe('Milliseconds since 1970; default: now')),
  overwrite: z._default(z.boolean(), false).check(z.describe('Whether it may take the place of a file that is there')),
  directory: z._default(z.boolean(), false).check(z.describe('Make a directory; nothing else is sent then')),
})

export const uploadInfo = z.strictObject({
  id: z.nullable(z.string()).check(z.describe('null for a directory')),
  path: z.string().check(z.describe('Where it lands')),
  offset: z.int().check(z.describe('Bytes that are there: more than 0 for one that was cut before')),
  complete: z.boolean().check(z.describe('Nothing more is to be sent: an empty file, a directory')),
})

export const placeInfo = z.strictObject({
  place: z.string().check(z.describe('For uploads that belong together')),
  directory: z.string().check(z.describe('Its path')),
})

export function addUploadRoutes(router: Router, root: string, desk: TransferDesk): void {
  router
    .route(`${root}/:id/places`)
    .post(async ({ params }, response) => {
      await using stand = await desk.standOf(params.id)
      response.status(201).json({ place: await desk.places.keep(params.id, stand), directory: stand.directory })
    })
    .all(methodNotAllowed('POST'))
  router
    .route(`${root}/:id/uploads`)
    .post(jsonBody(bodyBytes), (request, response) => begin(root, desk, request, response))
    .all(methodNotAllowed('POST'))
  router
    .route(`${root}/:id/uploads/:upload`)
    .head(async ({ params }, response) => {
      const upload = desk.uploads.get(params.id, params.upload)
      await upload.interrupt()
      tell(response.status(204), upload)
        .setHeader('Upload-Length', upload.wish.sizeBytes ?? upload.offset)
        .end()
    })
    .patch((request, response) => append(desk, request, response))
    .delete(async ({ params }, response) => {
      desk.uploads.get(params.id, params.upload)
      await desk.uploads.drop(params.upload)
      response.status(204).end()
    })
    .all(methodNotAllowed('HEAD', 'PATCH', 'DELETE'))
}

async function begin(root: string, desk: TransferDesk, request: Request, response: Response): Promise<void> {
  const id = String(request.params.id)
  const { directory, place: placeId, ...wish } = await parseInput(uploadRequest, request.body)
  await using place = await desk.placeOf(id, placeId)
  if (directory) {
    const path = await makeDirectory(place, wish.path)
    response.status(201).json({ id: null, path, offset: 0, complete: true })
    return
  }
  const upload = await refusing(desk.uploads.begin(id, place, { ...wish, modifiedTime: wish.modifiedTime }))
  await refusing(desk.uploads.settle(upload, wish.overwrite))
  const { offset, isComplete: complete, target } = upload
  tell(response.status(201).location(`${root}/${id}/uploads/${upload.id}`), upload)
  response.json({ id: upload.id, path: target.path, offset, complete })
}

async function append(desk: TransferDesk, request: Request, response: Response): Promise<void> {
  const upload = desk.uploads.get(String(request.params.id), String(request.params.upload))
  const offset = offsetOf(request)
  // `Overwrite` as in RFC 4918 §10.6: the answer to a file that came into the way since the upload began.
  const overwrite = request.get('Overwrite') === undefined ? undefined : request.get('Overwrite') === 'T'
  await refusing(upload.append(offset, request))
  await refusing(desk.uploads.settle(upload, overwrite))
  tell(response.status(204), upload).end()
}

function offsetOf(request: Request): number {
  if (request.is(partialUpload) === false)
    throw new Problem('unsupported_media_type', `bytes of a file come as ${partialUpload}`)
  const given = request.get('Upload-Offset') ?? ''
  if (/^\d{1,16}$/.test(given)) return Number(given)
  const fields = [{ path: 'Upload-Offset', message: 'is the offset of the first byte of the body' }]
  throw new ToolError('invalid_input', 'Upload-Offset: is the offset of the first byte of the body', { fields })
}

function tell(response: Response, { offset, isComplete }: Upload): Response {
  response.setHeader('Upload-Offset', offset)
  response.setHeader('Upload-Complete', isComplete ? '?1' : '?0')
  return response
}

export async function refusing<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { kind, message, offset } = error
    const remedy =
      kind === 'already_exists'
        ? 'send overwrite: true, or another path'
        : 'go on at the offset that Upload-Offset tells'
    throw new Problem(kind, message, {
      remedy,
      headers: offset === undefined ? {} : { 'Upload-Offset': String(offset) },
      cause: error,
    })
  }
}
