import { errorTable } from '../../core/errors.ts'
import { problemCodes } from '../problem.ts'

const fields = {
  type: 'array',
  description: 'Each wrong field of the input',
  items: {
    type: 'object',
    required: ['path', 'message'],
    properties: { path: { type: 'string' }, message: { type: 'string' } },
  },
}

const remedy = { type: 'string', description: 'What is missing and how to grant it' }

/** Shapes that many operations answer with. */
export const schemas = {
  Problem: {
    type: 'object',
    description: 'RFC 9457',
    required: ['type', 'title', 'status', 'detail', 'code'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { enum: problemCodes },
      remedy,
      fields,
    },
  },
  ErrorLine: {
    type: 'object',
    description: 'Last line of a stream that failed after it began',
    required: ['type', 'code', 'message'],
    properties: {
      type: { const: 'error' },
      code: { enum: [...Object.keys(errorTable), 'time_limit'] },
      message: { type: 'string' },
      remedy,
      fields,
    },
  },
  Availability: {
    type: 'object',
    required: ['available'],
    properties: {
      available: { type: 'boolean' },
      note: { type: 'string' },
      reason: { type: 'string', description: 'Why it can not work here' },
      remedy,
    },
  },
  Tool: {
    type: 'object',
    required: ['name', 'summary', 'applets', 'readOnly', 'availability', 'input', 'event'],
    properties: {
      name: { type: 'string' },
      summary: { type: 'string' },
      description: { type: 'string' },
      applets: { type: 'array', items: { type: 'string' }, description: 'Commands that run it in a shell' },
      readOnly: { type: 'boolean', description: 'Whether GET reaches it, at least for some inputs' },
      availability: { $ref: '#/components/schemas/Availability' },
      input: { type: 'object', description: 'JSON Schema of its input' },
      event: { type: 'object', description: 'JSON Schema of its events' },
    },
  },
}
