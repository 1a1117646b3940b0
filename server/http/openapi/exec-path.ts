import { execEvent, execReport, execRequest } from '../exec/request.ts'
import { jsonSchemaOf } from '../tools/schemas.ts'
import { json, jsonOrLines, problemAnswer } from './answers.ts'

export const execPath = {
  post: {
    summary: 'Run one command: its output and exit status',
    description: 'Hanging up kills its process group, as does the time limit. A command that is not there is a 404.',
    operationId: 'exec',
    requestBody: { required: true, content: json(jsonSchemaOf(execRequest, 'input')) },
    responses: {
      200: {
        description: 'How it ended, whatever its exit status',
        content: jsonOrLines(jsonSchemaOf(execReport, 'output'), jsonSchemaOf(execEvent, 'output')),
      },
      default: problemAnswer,
    },
  },
}
