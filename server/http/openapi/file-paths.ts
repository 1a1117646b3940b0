import { fileInfo } from '../files/describe.ts'
import { fileStat, folderLine, folderList, mostEntries } from '../files/look.ts'
import type { PathItem } from '../route-group.ts'
import { jsonSchemaOf } from '../tools/schemas.ts'
import { json, problemAnswer, reference } from './answers.ts'

const inQuery = (name: string, description: string, schema: object = { type: 'string' }) => ({
  name,
  in: 'query',
  description,
  schema,
})
const inHeader = (name: string, description: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
})

const ifMatch = inHeader('If-Match', 'Only if this version is there; * for any')
const offset = {
  'Upload-Offset': { description: 'Bytes that are there', schema: { type: 'integer' } },
  'Upload-Complete': { description: '?1 when the file has its name', schema: { enum: ['?0', '?1'] } },
}
const written = json(jsonSchemaOf(fileInfo, 'output'))

/** The files of a container. */
export function filePaths(): Record<string, PathItem> {
  return {
    '/api/v1/files/{path}': {
      parameters: [
        {
          name: 'path',
          in: 'path',
          required: true,
          description:
            "Absolute in the target's root, without the first slash; slashes as they are, bytes that are no UTF-8 as %FF",
          schema: { type: 'string' },
        },
        inQuery(
          'target',
          'A pid, or a container by name or id; self: ditty itself. Default: the container ditty was put beside',
        ),
      ],
      get: {
        summary: 'A folder as a list or an archive, a file as its bytes, or what is known of either',
        description: `A list holds at most ${mostEntries} entries, sorted by name; application/x-ndjson brings all, as the kernel has them.`,
        operationId: 'readFile',
        parameters: [
          inQuery('stat', 'What is known of it, links not followed', { type: 'string', enum: ['', 'true'] }),
          inQuery('archive', 'A folder comes as an archive of this kind', { enum: ['zip', 'tar'] }),
          inQuery('download', 'A browser keeps it as a file, also text', { type: 'string', enum: ['', 'true'] }),
          inQuery('limit', 'Entries of a list', { type: 'integer', minimum: 1, maximum: mostEntries }),
          inHeader('Range', 'One range of bytes'),
          inHeader('If-Range', 'ETag or Last-Modified of the part that is there'),
          inHeader('If-None-Match', 'ETag of what is there: 304 when it is still the same'),
        ],
        responses: {
          200: {
            description: 'It',
            content: {
              'application/json': {
                schema: { anyOf: [jsonSchemaOf(folderList, 'output'), jsonSchemaOf(fileStat, 'output')] },
              },
              'application/x-ndjson': {
                schema: {
                  anyOf: [jsonSchemaOf(folderLine, 'output'), reference('ErrorLine')],
                  description: 'Of each line',
                },
              },
              'text/plain': {},
              'application/octet-stream': {},
              'application/zip': {},
              'application/x-tar': {},
            },
          },
          206: {
            description: 'The range that was asked for',
            content: { 'application/octet-stream': {}, 'text/plain': {} },
          },
          304: { description: 'Still the same' },
          default: problemAnswer,
        },
      },
      put: {
        summary: 'Write a file, in whole or in parts, or make a folder',
        description:
          'It keeps owner and mode of the file it replaces, and takes its name when it is whole. A part names its place by Content-Range; after a cut, Content-Range: bytes */TOTAL with no body asks how far it is.',
        operationId: 'writeFile',
        parameters: [
          inQuery('directory', 'Make a folder', { type: 'string', enum: ['', 'true'] }),
          ifMatch,
          inHeader('If-None-Match', '*: only if nothing is there'),
          inHeader('Content-Range', 'bytes FIRST-LAST/TOTAL, or bytes */TOTAL'),
        ],
        requestBody: { content: { 'application/octet-stream': {} } },
        responses: {
          200: { description: 'Replaced', content: written },
          201: { description: 'Made', content: written },
          202: { description: 'More is to come', headers: offset },
          default: problemAnswer,
        },
      },
      delete: {
        summary: 'Remove a file, a link itself, or a folder, or what an unfinished upload has left',
        operationId: 'removeFile',
        parameters: [
          inQuery('recursive', 'true: with all that is in it; mounts stay', {
            type: 'string',
            enum: ['true', 'false'],
          }),
          ifMatch,
          inHeader('Content-Range', 'bytes */TOTAL: of an upload that is no longer wanted, with the conditions it had'),
        ],
        responses: { 204: { description: 'It is gone' }, default: problemAnswer },
      },
    },
  }
}
