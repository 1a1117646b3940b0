import { ToolError } from '../core/errors.ts'
import type { Command } from './grammar.ts'

/** A wrong input as the person typed it: by the flag or the operand, where the API names the field. */
export function inWordsOf(command: Command, error: ToolError): ToolError {
  const { fields, remedy, cause } = error
  if (error.code !== 'invalid_input' || !fields?.length) return error
  const said = fields.map(
    ({ path, message }) => `${wordOf(command, path)}${message === 'is missing' ? '' : ':'} ${message}`,
  )
  const missing = fields.some(({ message }) => message === 'is missing')
  const message = missing ? `${said.join('; ')}; usage: ${command.grammar.usage}` : said.join('; ')
  return new ToolError(error.code, message, { fields, ...(remedy ? { remedy } : {}), cause })
}

function wordOf({ grammar, tool }: Command, path: string): string {
  const field = path.split('.', 1)[0] ?? path
  const flag = grammar.flags.find(flag => flag.field === field && flag.metavar)
  if (flag) return flag.short ? `-${flag.short}` : `--${flag.long}`
  return tool.positional.includes(field) ? field.toUpperCase() : path
}
