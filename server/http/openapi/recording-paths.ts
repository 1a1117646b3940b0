import { recordingRequest, recordingState } from '../../terminal/session-info.ts'
import type { PathItem } from '../route-group.ts'
import { castFormats, castType } from '../terminal-recording.ts'
import { jsonSchemaOf } from '../tools/schemas.ts'
import { json, problemAnswer } from './answers.ts'

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const format = { name: 'format', in: 'query', schema: { enum: castFormats, default: castFormats[0] } }

export function recordingPaths(): Record<string, PathItem> {
  return {
    '/api/v1/terminals/{id}/recording': {
      parameters: [id],
      get: {
        summary: 'The recording as a file, also while it records',
        operationId: 'readRecording',
        parameters: [format],
        responses: {
          200: { description: 'Whole up to now', content: { [castType]: { schema: { type: 'string' } } } },
          default: problemAnswer,
        },
      },
      post: {
        summary: 'Record it from now on; the first event shows its screen',
        description: 'What is typed is left out unless asked for, and always where it does not show on the screen',
        operationId: 'startRecording',
        requestBody: { required: false, content: json(jsonSchemaOf(recordingRequest, 'input')) },
        responses: {
          201: { description: 'It records', content: json(jsonSchemaOf(recordingState, 'output')) },
          default: problemAnswer,
        },
      },
      delete: {
        summary: 'Stop recording, and keep what was recorded; forget it when it has stopped already',
        operationId: 'stopRecording',
        responses: { 204: { description: 'It has stopped, or is forgotten' }, default: problemAnswer },
      },
    },
  }
}
