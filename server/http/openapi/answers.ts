import type { JsonSchema } from '../tools/schemas.ts'

/** The parts that OpenAPI says of every operation's answers. */
export const json = (schema: JsonSchema) => ({ 'application/json': { schema } })

export const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** OpenAPI has no word for one document a line; the schema is that of a line. */
export const jsonOrLines = (document: JsonSchema, line: JsonSchema) => ({
  'application/json': { schema: document },
  'application/x-ndjson': { schema: { anyOf: [line, reference('ErrorLine')], description: 'Of each line' } },
})

/** Whatever goes wrong has one shape. */
export const problemAnswer = {
  description: 'What went wrong',
  content: { 'application/problem+json': { schema: reference('Problem') } },
}
