import { describeField } from '../core/input.ts'
import type { Flag } from '../core/tool.ts'
import { type Command, fieldsOf } from './grammar.ts'
import { wrap, wrapParagraphs } from './wrap.ts'

/** The text of `--help`, made from the grammar and the schema's own descriptions, `columns` wide. */
export function helpText({ tool, grammar, applet }: Command, columns: number): string {
  const fields = fieldsOf(tool)
  const rows = [...grammar.flags.map(flag => [flagWords(flag), flagHelp(flag, fields)] as const), ...commonFlags]
  const parts = [
    `Usage: ${grammar.usage}`,
    applet?.summary ?? tool.summary,
    wrapParagraphs((grammar.description ?? tool.description ?? '').trim(), columns),
    ['Flags:', ...flagLines(rows, columns)].join('\n'),
    applet
      ? `This is ${tool.name} of ditty: ditty ${tool.name} --help, POST /api/v1/tools/${tool.name}`
      : 'Exit status: 0 found good, 1 found bad, 2 could not look, 130 cancelled.',
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** A narrow screen has no room for help beside the flags: then it stands below them. */
function flagLines(rows: readonly (readonly [words: string, help: string])[], columns: number): string[] {
  const width = columns < 60 ? 0 : Math.min(30, Math.max(...rows.map(([words]) => words.length)))
  const indent = width === 0 ? 6 : width + 4
  return rows.flatMap(([words, help]) => {
    const lines = wrap(help, Math.max(20, columns - indent)).map(line => `${' '.repeat(indent)}${line}`)
    const first = `  ${words.padEnd(width)}  `
    return first.length > indent
      ? [first.trimEnd(), ...lines]
      : [first + (lines[0] ?? '').slice(indent), ...lines.slice(1)]
  })
}

export const commonFlags: [string, string][] = [
  ['--json', 'One JSON event a line, as the API streams them'],
  ['--help', 'This text'],
]

function flagWords({ short, long, metavar, bare }: Flag): string {
  const words = [short && `-${short}`, long && `--${long}`].filter(Boolean).join(', ')
  if (metavar && bare !== undefined) return `${words}[${long ? '=' : ''}${metavar}]`
  return metavar ? `${words} ${metavar}` : words
}

function flagHelp(flag: Flag, fields: ReturnType<typeof fieldsOf>): string {
  const { kind, description, defaultValue, choices } = describeField(fields[flag.field]!)
  if (flag.help) return flag.help
  const notes = [
    kind !== 'array' && choices && `one of ${choices.join(', ')}`,
    flag.metavar && shown(defaultValue),
  ].filter(Boolean)
  return notes.length ? `${description} (${notes.join('; ')})` : description
}

/** Nothing is no default worth a word. */
function shown(value: unknown): string {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return ''
  return `default ${typeof value === 'string' ? value : JSON.stringify(value)}`
}
