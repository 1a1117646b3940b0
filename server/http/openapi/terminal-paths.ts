import * as z from 'zod/mini'
import { clientName, closeCode, linkSubprotocolPrefix, terminalSubprotocol } from '../../protocol/terminal-frames.ts'
import { linkRequest, sessionChange, sessionInfo, sessionRequest } from '../../terminal/session-info.ts'
import type { PathItem } from '../route-group.ts'
import { jsonSchemaOf } from '../tools/schemas.ts'
import { json, problemAnswer } from './answers.ts'

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const after = {
  name: 'after',
  in: 'query',
  description: 'Offset of the byte of output wanted next; default: all that is held',
  schema: { type: 'integer', minimum: 0 },
}
const client = {
  name: 'client',
  in: 'query',
  description:
    'What the client calls itself, a random name kept over its connections: it is told how much of its input arrived, and an earlier connection of the same name is closed',
  schema: { type: 'string', pattern: clientName.source },
}
const link = z.strictObject({ token: z.string(), readOnly: z.boolean() })
const info = () => json(jsonSchemaOf(sessionInfo, 'output'))

export function terminalPaths(): Record<string, PathItem> {
  return {
    '/api/v1/terminals': {
      get: {
        summary: 'Terminals that run, and those that ended in the last ten minutes',
        operationId: 'listTerminals',
        responses: {
          200: {
            description: 'In the order of their start',
            content: json(jsonSchemaOf(z.object({ terminals: z.array(sessionInfo) }), 'output')),
          },
          default: problemAnswer,
        },
      },
      post: {
        summary: 'Start a program on a terminal of its own; it lives on while nobody is attached',
        operationId: 'createTerminal',
        requestBody: { required: false, content: json(jsonSchemaOf(sessionRequest, 'input')) },
        responses: { 201: { description: 'It runs', content: info() }, default: problemAnswer },
      },
    },
    '/api/v1/terminals/{id}': {
      parameters: [id],
      get: {
        summary: 'Its size and title, whether it runs, and how it ended',
        operationId: 'getTerminal',
        responses: { 200: { description: 'The terminal', content: info() }, default: problemAnswer },
      },
      patch: {
        summary: 'Give it another name, or with null none',
        operationId: 'renameTerminal',
        requestBody: { required: true, content: json(jsonSchemaOf(sessionChange, 'input')) },
        responses: { 200: { description: 'The terminal', content: info() }, default: problemAnswer },
      },
      delete: {
        summary: 'End all its processes (SIGHUP, then SIGKILL); forget it when it has ended already',
        operationId: 'endTerminal',
        responses: { 204: { description: 'They were told to end' }, default: problemAnswer },
      },
    },
    '/api/v1/terminals/{id}/links': {
      parameters: [id],
      post: {
        summary: 'A token that opens its stream and nothing else, to watch or to write',
        description: `Sent as Bearer, or as the subprotocol \`${linkSubprotocolPrefix}TOKEN\` beside ${terminalSubprotocol}`,
        operationId: 'linkTerminal',
        requestBody: { required: false, content: json(jsonSchemaOf(linkRequest, 'input')) },
        responses: {
          201: { description: 'The link', content: json(jsonSchemaOf(link, 'output')) },
          default: problemAnswer,
        },
      },
      delete: {
        summary: 'End all its links; who came by one is sent away',
        operationId: 'unlinkTerminal',
        responses: { 204: { description: 'They are no longer good' }, default: problemAnswer },
      },
    },
    '/api/v1/terminals/{id}/stream': {
      parameters: [id, after, client],
      get: {
        summary: 'The terminal itself: a WebSocket of binary frames',
        description: streamDescription,
        operationId: 'streamTerminal',
        responses: { 101: { description: `Subprotocol ${terminalSubprotocol}` }, default: problemAnswer },
      },
    },
  }
}

const streamDescription = [
  `Subprotocol \`${terminalSubprotocol}\`; integers are big-endian.`,
  'From the client: 0 input, bytes; 1 resize, u16 cols and rows; 2 ack, u64 offset before which all output is rendered;',
  '3 control, JSON `{type: take | give | kick, viewer?}`. From the server: 0 output, u64 offset of the first byte, bytes; 1 snapshot, u64 offset, u16 cols and',
  'rows, bytes (reset first); 2 exit, i32 status and signal; 3 state, JSON; to a `client` also 4 received, u64 bytes of its input so far.',
  `Closed with ${closeCode.badFrame} after a bad frame, ${closeCode.notPermitted} where it may not,`,
  `${closeCode.notFound} for no such terminal, ${closeCode.ended} when it has ended, ${closeCode.replaced} when the same client came by another connection, ${closeCode.restart} when the server stops.`,
].join(' ')
