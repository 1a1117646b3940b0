import type * as z from 'zod/mini'
import { type FieldError, ToolError } from '../../core/errors.ts'
import type { ObjectSchema } from '../../core/tool.ts'

/**
 * A query as the input it stands for: words become what the schema expects of their field, a repeated word an array. What
 * doesn't fit stays a word, so that the schema's own check names it.
 */
export function inputOfQuery(schema: ObjectSchema, query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  const wrong: FieldError[] = []
  for (const field of new Set(query.keys())) {
    const words = query.getAll(field)
    const type = Object.hasOwn(schema.shape, field) ? schema.shape[field] : undefined
    const value = type ? convert(type, words) : words[0]
    if (value === undefined) wrong.push({ path: field, message: 'given more than once' })
    else Object.defineProperty(input, field, { value, enumerable: true })
  }
  if (wrong.length === 0) return input
  throw new ToolError('invalid_input', wrong.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    fields: wrong,
  })
}

/** What `words` say in the terms of `schema`; undefined when one was expected and several came. */
function convert(schema: z.core.$ZodType, words: readonly string[]): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return convert(def.innerType, words)
    case 'array':
      return words.map(word => convert(def.element, [word]))
    case 'union':
      return convertUnion(def.options, words)
  }
  const [word = ''] = words
  return words.length > 1 ? undefined : convertWord(def.type, word)
}

/** The first of the options that takes the words as it reads them. */
function convertUnion(options: readonly z.core.$ZodType[], words: readonly string[]): unknown {
  const values = options.map(option => ({ option, value: convert(option, words) }))
  const fitting = values.find(({ option, value }) => value !== undefined && accepts(option, value))
  return fitting ? fitting.value : values.at(0)?.value
}

const accepts = (schema: z.core.$ZodType, value: unknown) => (schema as z.ZodMiniType).safeParse(value).success

function convertWord(type: string, word: string): unknown {
  switch (type) {
    case 'number':
      return word.trim() === '' || Number.isNaN(Number(word)) ? word : Number(word)
    case 'boolean':
      return { true: true, 1: true, '': true, false: false, 0: false }[word] ?? word
    case 'record':
    case 'object':
      return jsonOr(word)
    default:
      return word
  }
}

function jsonOr(word: string): unknown {
  try {
    return JSON.parse(word)
  } catch {
    return word
  }
}
