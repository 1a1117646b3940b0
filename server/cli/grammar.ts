import { describeField, type Field } from '../core/input.ts'
import type { Applet, Flag, Grammar, Tool } from '../core/tool.ts'

/** The command line of `ditty NAME`: the tool's own flags, and a long flag for every field that has none. */
export function grammarOf(tool: Tool): Grammar {
  const shape = fieldsOf(tool)
  const own = tool.flags.map(flag => (takesLong(flag, tool.flags) ? { ...flag, long: longName(flag.field) } : flag))
  const covered = new Set([...own.map(({ field }) => field), ...tool.positional])
  const derived = Object.keys(shape).filter(field => !covered.has(field))
  const operands = tool.positional.map(field => operandName(field, describeField(shape[field]!)))
  return {
    usage: ['ditty', tool.name, '[flags]', ...operands].join(' '),
    flags: [...own, ...derived.map(field => longFlag(field, describeField(shape[field]!).kind))],
    ...(tool.operand ? { operand: tool.operand } : {}),
    ...(tool.operands ? { operands: tool.operands } : {}),
  }
}

/** The first flag of a field gets the field's long name, unless one of them has a long name already or sets a fixed value. */
const takesLong = (flag: Flag, all: Flag[]) => {
  const siblings = all.filter(({ field }) => field === flag.field)
  return siblings[0] === flag && siblings.every(({ long, value }) => !long && value === undefined)
}

const longName = (field: string) => field.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

const longFlag = (field: string, kind: string): Flag => {
  const flag = { field, long: longName(field) }
  return kind === 'boolean' ? flag : { ...flag, metavar: kind === 'number' ? 'N' : 'VALUE' }
}

function operandName(field: string, { kind, required }: Field): string {
  const word = kind === 'array' ? `${field.toUpperCase()}…` : field.toUpperCase()
  return required ? word : `[${word}]`
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
