import * as z from 'zod/mini'
import { type FieldError, ToolError } from './errors.ts'
import type { ObjectSchema } from './tool.ts'

/**
 * Checks what came from outside against a schema. Throws ToolError `invalid_input` that names every wrong field. The words
 * for what is wrong are loaded only when something is.
 */
export async function parseInput<Schema extends ObjectSchema>(schema: Schema, raw: unknown): Promise<z.output<Schema>> {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const { default: english } = await import('zod/v4/locales/en.js')
  const issues = schema.safeParse(raw, { error: english().localeError }).error?.issues ?? []
  const fields = issues.flatMap(fieldErrors)
  const message = fields.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  throw new ToolError('invalid_input', message, { fields })
}

/** zod's words for a field that isn't there are about types. */
const said = (message: string) => (message.endsWith(', received undefined') ? 'is missing' : message)

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const parent = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [{ path: parent, message: said(issue.message) }]
  return issue.keys.map(key => ({ path: parent ? `${parent}.${key}` : key, message: 'no such field' }))
}

export type FieldKind = 'boolean' | 'number' | 'array' | 'string'

export interface Field {
  kind: FieldKind
  required: boolean
  description: string
  defaultValue: unknown
  /** The words it may take, where these are listed. */
  choices: string[] | undefined
}

/** What a command line needs to know of a schema's field, without loading zod's JSON Schema writer. */
export function describeField(schema: z.ZodMiniType): Field {
  const field: Field = { kind: 'string', required: true, description: '', defaultValue: undefined, choices: undefined }
  let inner: z.core.$ZodType | undefined = schema
  while (inner) {
    field.description ||= z.globalRegistry.get(inner)?.description ?? ''
    inner = unwrap(inner as z.core.$ZodTypes, field)
  }
  return field
}

function unwrap(schema: z.core.$ZodTypes, field: Field): z.core.$ZodType | undefined {
  const { def } = schema._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      field.required = false
      if (def.type === 'default') field.defaultValue = def.defaultValue
      return def.innerType
    case 'union':
      return def.options.find(option => option._zod.def.type === 'array')
    case 'enum':
      field.choices = choicesOf(schema)
      return undefined
    case 'array':
      field.kind = def.type
      field.choices = choicesOf(def.element as z.core.$ZodTypes)
      return undefined
    case 'boolean':
    case 'number':
      field.kind = def.type
  }
  return undefined
}

const choicesOf = ({ _zod: { def } }: z.core.$ZodTypes) =>
  def.type === 'enum' ? Object.values(def.entries).map(String) : undefined
