import { describeField } from '../core/input.ts'
import type { Flag, Grammar, Offer, Registry, Tool } from '../core/tool.ts'
import { type Command, commandOf, fieldsOf } from './grammar.ts'
import { commonFlags } from './help.ts'

/** A command beside the tools: `ditty serve`. */
export interface PlainCommand {
  name: string
  flags: readonly { short?: string; long: string; metavar?: string }[]
  operands?: Offer
}

/** What one word has to offer: its flags, what each of them takes, and what stands without one. */
interface Row {
  /** As typed: `dig`, `ditty dns`. */
  name: string
  flags: string[]
  /** By the flag, or the word, that stands before. */
  values: [before: string, offer: string][]
  operands: string
}

/** The tables of the shell's completion, in bash's words: made from the grammars that read these command lines. */
export async function completionTables(registry: Registry<never>, commands: readonly PlainCommand[]): Promise<string> {
  const rows = [dittyRow(registry, commands), ...commands.map(plainRow)]
  for (const entry of registry) {
    const tool = (await entry.load()) as unknown as Tool
    for (const word of [undefined, ...entry.applets]) rows.push(rowOf(commandOf(tool, word)))
  }
  return [
    table(
      'flags',
      rows.map(({ name, flags }) => [name, flags.join(' ')]),
    ),
    table(
      'values',
      rows.flatMap(({ name, values }) => values.map(([before, offer]) => [`${name} ${before}`, offer])),
    ),
    table(
      'operands',
      rows.map(({ name, operands }) => [name, operands]),
    ),
    table(
      'shared',
      registry.flatMap(({ shared = [] }) => shared.map(word => [word, 'shared'] as const)),
    ),
  ].join('')
}

/** Every word that ditty completes: its own, and the applets. */
export const completedWords = (registry: Registry<never>): string[] => [
  'ditty',
  ...registry.flatMap(({ applets }) => applets),
]

function dittyRow(registry: Registry<never>, commands: readonly PlainCommand[]): Row {
  const words = [...registry.map(({ name }) => name), ...commands.map(({ name }) => name)]
  return { name: 'ditty', flags: ['--help', '--version'], values: [], operands: words.join(' ') }
}

function plainRow({ name, flags, operands }: PlainCommand): Row {
  return {
    name: `ditty ${name}`,
    flags: flags.flatMap(flag => wordsOf(flag)),
    values: flags.flatMap(flag => (flag.metavar ? withOffer(wordsOf(flag), byMetavar[flag.metavar]) : [])),
    operands: textOf(operands),
  }
}

function rowOf({ name, tool, grammar }: Command): Row {
  const { flags, singleDash } = grammar
  return {
    name,
    flags: [...flags.flatMap(flag => wordsOf(flag, singleDash)), ...commonFlags.map(([word]) => word)],
    values: [
      ...flags
        .filter(({ metavar }) => metavar)
        .flatMap(flag => withOffer(bareWords(flag, singleDash), offerFor(flag, tool))),
      ...Object.entries(grammar.offersAfter ?? {}).flatMap(([word, offer]) => withOffer([word], offer)),
    ],
    operands: textOf(operandsOf(grammar, tool)),
  }
}

const withOffer = (words: string[], offer: Offer | undefined): [string, string][] =>
  words.map(word => [word, textOf(offer)])

/** nslookup's `-type=` is offered with its `=`. */
const wordsOf = (flag: Pick<Flag, 'short' | 'long' | 'metavar'>, singleDash = false) =>
  bareWords(flag, singleDash).map(word => (singleDash && flag.metavar && word.length > 2 ? `${word}=` : word))

const bareWords = ({ short, long }: Pick<Flag, 'short' | 'long'>, singleDash = false) => [
  ...(short ? [`-${short}`] : []),
  ...(long ? [`${singleDash ? '-' : '--'}${long}`] : []),
]

const byMetavar: Record<string, Offer> = {
  FILE: { find: ['file'] },
  DATA: { find: ['data'] },
  HOST: { find: ['host'] },
  SERVER: { find: ['host'] },
  URL: { find: ['url'] },
  PID: { find: ['pid'] },
}

function offerFor({ field, metavar = '' }: Flag, tool: Tool): Offer | undefined {
  const { choices } = describeField(fieldsOf(tool)[field]!)
  return tool.offers?.[field] ?? byMetavar[metavar] ?? (choices && { words: choices })
}

function operandsOf({ operands }: Grammar, tool: Tool): Offer | undefined {
  const [field] = tool.positional
  return operands ?? (field === undefined ? undefined : (tool.offers?.[field] ?? byMetavar[field.toUpperCase()]))
}

const finds = {
  file: '<file>',
  data: '<@file>',
  host: '<host>',
  server: '<@server>',
  url: '<url>',
  pid: '<pid>',
  user: '<user>',
} satisfies Record<NonNullable<Offer['find']>[number], string>

function textOf({ words = [], find = [], list = false }: Offer = {}): string {
  return `${list ? ',' : ''}${[...find.map(kind => finds[kind]), ...words].join(' ')}`
}

function table(name: string, entries: (readonly [key: string, text: string])[]): string {
  const lines = entries.map(([key, text]) => `  [${quoted(key)}]=${quoted(text)}\n`)
  return `declare -gA __ditty_${name}=(\n${lines.join('')})\n`
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
