import { describeField } from '../core/input.ts'
import type { Applet, Flag, Grammar, Tool } from '../core/tool.ts'

/** The command line of `ditty NAME`: the tool's own flags, and a long flag for every field that has none. */
export function grammarOf(tool: Tool): Grammar {
  const shape = fieldsOf(tool)
  const named = new Set(tool.flags.filter(flag => flag.long).map(flag => flag.field))
  const derived = Object.keys(shape)
    .filter(field => !named.has(field) && !tool.positional.includes(field))
    .map(field => longFlag(field, describeField(shape[field]!).kind))
  const operands = tool.positional.map(field => {
    const { kind, required } = describeField(shape[field]!)
    const word = kind === 'array' ? `${field.toUpperCase()}…` : field.toUpperCase()
    return required ? word : `[${word}]`
  })
  return { usage: ['ditty', tool.name, '[flags]', ...operands].join(' '), flags: [...tool.flags, ...derived] }
}

const longFlag = (field: string, kind: string): Flag => {
  const long = field.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  return kind === 'boolean' ? { field, long } : { field, long, metavar: kind === 'number' ? 'N' : 'VALUE' }
}

/** Every field a command line may fill, input and view together. */
export const fieldsOf = (tool: Tool) => ({ ...tool.input.shape, ...tool.view.shape })

/** A word of a command line: what it is called, and how it is read and shown. */
export interface Command {
  /** As typed: `dig`, or `ditty dns`. */
  name: string
  tool: Tool
  grammar: Grammar
  applet: Applet<never, never, never> | undefined
}

/** The command that `ditty NAME` or an applet's word stands for. */
export function commandOf(tool: Tool, word: string | undefined): Command {
  const applet = word === undefined ? undefined : tool.applets[word]
  if (word === undefined || !applet)
    return { name: `ditty ${tool.name}`, tool, grammar: grammarOf(tool), applet: undefined }
  return { name: word, tool, grammar: applet, applet }
}
