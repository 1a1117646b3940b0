import * as z from 'zod/mini'
import type { PathItem } from '../route-group.ts'
import { jsonSchemaOf } from '../tools/schemas.ts'
import { offerRequest } from '../transfers/offers.ts'
import { partialUpload, placeInfo, uploadInfo, uploadRequest } from '../transfers/uploads.ts'
import { json, jsonOrLines, problemAnswer } from './answers.ts'

const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const inHeader = (name: string, description: string, required = false) => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
})
const archive = {
  name: 'archive',
  in: 'query',
  description: 'A folder comes as an archive of this kind',
  schema: { enum: ['zip', 'tar'] },
}
const offset = {
  'Upload-Offset': { description: 'Bytes that are there', schema: { type: 'integer' } },
  'Upload-Complete': { description: '?1 when the file has its name', schema: { enum: ['?0', '?1'] } },
}
const file = {
  200: {
    description: 'The file, or the folder as an archive',
    content: { 'application/octet-stream': {}, 'application/zip': {}, 'application/x-tar': {} },
  },
  206: { description: 'The range that was asked for', content: { 'application/octet-stream': {} } },
  default: problemAnswer,
}
const line = z.object({ type: z.enum(['waiting', 'offer', 'progress', 'sent', 'declined', 'summary']) })

/** Files in and out beside a terminal. */
export function transferPaths(): Record<string, PathItem> {
  return {
    '/api/v1/terminals/{id}/places': {
      parameters: [inPath('id')],
      post: {
        summary: 'Keep where the shell stands, for files that belong together, while it may go elsewhere',
        operationId: 'keepPlace',
        responses: {
          201: { description: 'Kept', content: json(jsonSchemaOf(placeInfo, 'output')) },
          default: problemAnswer,
        },
      },
    },
    '/api/v1/terminals/{id}/uploads': {
      parameters: [inPath('id')],
      post: {
        summary: 'Begin to upload a file to where the shell stands, or make a directory there',
        description:
          'Resumable, with the header fields of draft-ietf-httpbis-resumable-upload. The same file begun again after a cut goes on where it was.',
        operationId: 'beginUpload',
        requestBody: { required: true, content: json(jsonSchemaOf(uploadRequest, 'input')) },
        responses: {
          201: {
            description: 'Begun; Location takes the bytes',
            headers: offset,
            content: json(jsonSchemaOf(uploadInfo, 'output')),
          },
          default: problemAnswer,
        },
      },
    },
    '/api/v1/terminals/{id}/uploads/{upload}': {
      parameters: [inPath('id'), inPath('upload')],
      head: {
        summary: 'How far it is; a request that still brings bytes is ended',
        operationId: 'getUpload',
        responses: { 204: { description: 'In the header', headers: offset }, default: problemAnswer },
      },
      patch: {
        summary: 'Add bytes; with the last of them the file takes its name',
        operationId: 'appendUpload',
        parameters: [
          inHeader('Upload-Offset', 'Offset of the first byte of the body', true),
          inHeader('Overwrite', 'T: take the place of a file that came in between'),
        ],
        requestBody: { required: true, content: { [partialUpload]: {} } },
        responses: { 204: { description: 'They are there', headers: offset }, default: problemAnswer },
      },
      delete: {
        summary: 'Cancel it and leave nothing behind',
        operationId: 'cancelUpload',
        responses: { 204: { description: 'It is gone' }, default: problemAnswer },
      },
    },
    '/api/v1/terminals/{id}/files': {
      parameters: [inPath('id')],
      get: {
        summary: 'Download a file, or a folder as a zip',
        operationId: 'downloadFile',
        parameters: [
          {
            name: 'path',
            in: 'query',
            required: true,
            description:
              'Absolute in the tree of the shell, or relative to where it stands; bytes that are no UTF-8 as %FF',
            schema: { type: 'string' },
          },
          archive,
          inHeader('Range', 'One range of bytes'),
          inHeader('If-Range', 'ETag or Last-Modified of the part that is there'),
        ],
        responses: file,
      },
    },
    '/api/v1/terminals/{id}/offers': {
      parameters: [inPath('id')],
      post: {
        summary:
          'Hold out files to whoever looks at the terminal, as `ditty send` does, until they were taken or declined',
        description: 'Hanging up withdraws them.',
        operationId: 'offerFiles',
        requestBody: { required: true, content: json(jsonSchemaOf(offerRequest, 'input')) },
        responses: {
          200: {
            description: 'What becomes of them',
            content: { 'application/x-ndjson': jsonOrLines({}, jsonSchemaOf(line, 'output'))['application/x-ndjson'] },
          },
          default: problemAnswer,
        },
      },
    },
    '/api/v1/terminals/{id}/offers/{offer}': {
      parameters: [inPath('id'), inPath('offer')],
      get: { summary: 'Take what is offered', operationId: 'takeOffer', parameters: [archive], responses: file },
      delete: {
        summary: 'Decline it',
        operationId: 'declineOffer',
        responses: { 204: { description: 'The one who offers is told' }, default: problemAnswer },
      },
    },
  }
}
