import { describeField } from '../core/input.ts'
import type { Flag } from '../core/tool.ts'
import { type Command, fieldsOf } from './grammar.ts'

/** The text of `--help`, made from the grammar and the schema's own descriptions. */
export function helpText({ tool, grammar, applet }: Command): string {
  const fields = fieldsOf(tool)
  const rows = [...grammar.flags.map(flag => [flagWords(flag), flagHelp(flag, fields)]), ...commonFlags]
  const width = Math.min(30, Math.max(...rows.map(([words]) => words!.length)))
  const parts = [
    `Usage: ${grammar.usage}`,
    applet?.summary ?? tool.summary,
    tool.description?.trim(),
    ['Flags:', ...rows.map(([words, help]) => `  ${words!.padEnd(width)}  ${help}`)].join('\n'),
    applet
      ? `This is ${tool.name} of ditty: ditty ${tool.name} --help, POST /api/v1/tools/${tool.name}`
      : 'Exit status: 0 found good, 1 found bad, 2 could not look, 130 cancelled.',
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

const commonFlags = [
  ['--json', 'One JSON event a line, as the API streams them'],
  ['--help', 'This text'],
]

function flagWords({ short, long, metavar }: Flag): string {
  const words = [short && `-${short}`, long && `--${long}`].filter(Boolean).join(', ')
  return metavar ? `${words} ${metavar}` : words
}

function flagHelp(flag: Flag, fields: ReturnType<typeof fieldsOf>): string {
  const { description, defaultValue, choices } = describeField(fields[flag.field]!)
  if (flag.help) return flag.help
  const notes = [choices && `one of ${choices.join(', ')}`, flag.metavar && shown(defaultValue)].filter(Boolean)
  return notes.length ? `${description} (${notes.join('; ')})` : description
}

const shown = (value: unknown) =>
  value === undefined ? '' : `default ${typeof value === 'string' ? value : JSON.stringify(value)}`
