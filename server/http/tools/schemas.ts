import * as z from 'zod/mini'
import type { Tool } from '../../core/tool.ts'

export type JsonSchema = Record<string, unknown>

/** JSON Schemas (2020-12) of a tool's input and of its events, made when first asked for. */
export interface ToolSchemas {
  input: JsonSchema
  event: JsonSchema
}

const known = new WeakMap<Tool, ToolSchemas>()

export function schemasOf(tool: Tool): ToolSchemas {
  const made = known.get(tool) ?? {
    input: jsonSchemaOf(tool.input, 'input'),
    event: jsonSchemaOf(tool.event, 'output'),
  }
  known.set(tool, made)
  return made
}

/** `input`: what may be sent, so fields with a default are optional; `output`: what is answered. */
export function jsonSchemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
  const { $schema, '~standard': _, ...body } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return body
}
