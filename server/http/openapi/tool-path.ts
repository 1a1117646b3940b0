import type { Tool } from '../../core/tool.ts'
import type { PathItem } from '../route-group.ts'
import { type JsonSchema, schemasOf } from '../tools/schemas.ts'
import { json, jsonOrLines, problemAnswer, reference } from './answers.ts'

const inputName = (tool: string) => `${tool}.input`
const eventName = (tool: string) => `${tool}.event`

/** The named schemas of one tool. */
export function toolSchemas(tool: Tool): Record<string, JsonSchema> {
  const { input, event } = schemasOf(tool)
  return { [inputName(tool.name)]: input, [eventName(tool.name)]: event }
}

/** The operations of `/api/v1/tools/{name}` for one tool. */
export function toolPath(tool: Tool): PathItem {
  const { name, summary, description } = tool
  const event = reference(eventName(name))
  const responses = {
    200: { description: 'What it found', content: jsonOrLines(reportSchema(name), event) },
    default: problemAnswer,
  }
  const shared = { summary, ...(description && { description: description.trim() }), tags: ['tools'], responses }
  const post = {
    ...shared,
    operationId: name,
    requestBody: { required: true, content: json(reference(inputName(name))) },
  }
  if (!tool.readOnly) return { post }
  return { post, get: { ...shared, operationId: `${name}ByQuery`, parameters: parametersOf(schemasOf(tool).input) } }
}

function reportSchema(name: string): JsonSchema {
  const event = reference(eventName(name))
  return {
    type: 'object',
    required: ['tool', 'input', 'startTime', 'durationMs', 'outcome', 'events', 'summary'],
    properties: {
      tool: { const: name },
      input: { type: 'object', description: 'As it was run, with its defaults' },
      startTime: { type: 'string', format: 'date-time' },
      durationMs: { type: 'number' },
      outcome: { enum: ['positive', 'negative'] },
      events: { type: 'array', items: event },
      summary: event,
      truncated: { const: true, description: 'Present when not every event or byte was kept' },
    },
  }
}

/** The fields of an input as a query. An array is given by repeating its name, an object as JSON. */
function parametersOf(input: JsonSchema) {
  const properties = Object.entries((input.properties ?? {}) as Record<string, JsonSchema>)
  const required = (input.required ?? []) as string[]
  return properties.map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description !== undefined && { description }),
    required: required.includes(name),
    ...(schema.type === 'object' ? { content: json(schema) } : { schema }),
  }))
}
