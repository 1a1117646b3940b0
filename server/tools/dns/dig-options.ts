import { ToolError } from '../../core/errors.ts'
import type { Draft } from '../../core/tool.ts'
import { type Part, parts } from './schema.ts'

/** One `+keyword` of dig; `on` is false behind `+no`. */
interface Option {
  help: string
  /** The keyword needs `=VALUE`; without this it takes none. */
  value?: true
  apply(draft: Draft, on: boolean, value: number): void
}

const setting = (field: string, help: string, inverted = false): Option => ({
  help,
  apply: (draft, on) => {
    draft[field] = on !== inverted
  },
})

const numeric = (field: string, help: string, convert = (value: number) => value): Option => ({
  help,
  value: true,
  apply: (draft, _on, value) => {
    draft[field] = convert(value)
  },
})

const hiding = (hidden: readonly Part[], help: string): Option => ({
  help,
  apply: (draft, on) => {
    const before = (draft.hide as Part[] | undefined) ?? []
    draft.hide = on ? before.filter(part => !hidden.includes(part)) : [...new Set([...before, ...hidden])]
  },
})

/** dig counts at least one second and one try whatever it is told. */
const atLeastOne = (value: number) => Math.max(1, value)

const tcp = setting('tcp', 'Ask over TCP')
const recurse = setting('recurse', 'Ask the server to recurse')
const search = setting('search', 'Use the search list of resolv.conf')
const time = numeric('timeoutSeconds', 'Seconds to wait for each answer', atLeastOne)

const options: Record<string, Option> = {
  short: setting('short', 'Only the data of the answers'),
  tcp,
  vc: tcp,
  recurse,
  rdflag: recurse,
  search,
  defname: search,
  fail: setting('firstAnswerCounts', "Don't ask the next server after SERVFAIL"),
  edns: setting('edns', 'Send an EDNS option record'),
  dnssec: setting('dnssec', 'Ask for DNSSEC records'),
  time,
  timeout: time,
  tries: numeric('tries', 'Rounds over the servers', atLeastOne),
  retry: numeric('tries', 'Rounds after the first', value => value + 1),
  ndots: numeric('ndots', 'Dots from which a name is first tried as it stands'),
  bufsize: numeric('bufsize', 'UDP payload that EDNS announces'),
  all: hiding(parts.slice(0, 7), 'All parts below'),
  cmd: hiding(['cmd'], 'The line that repeats the query'),
  comments: hiding(['comments'], 'Headers and section names'),
  question: hiding(['question'], 'The question section'),
  answer: hiding(['answer'], 'The answer section'),
  authority: hiding(['authority'], 'The authority section'),
  additional: hiding(['additional'], 'The additional section'),
  stats: hiding(['stats'], 'Time, server and size'),
  ttlid: hiding(['ttlid'], 'Times to live'),
  class: hiding(['class'], 'Record classes'),
}

/** The keywords for the help: `+[no]short  Only the data of the answers`. */
export const optionHelp = Object.entries(options)
  .map(([name, { value, help }]) => `  ${(value ? `+${name}=N` : `+[no]${name}`).padEnd(18)}${help}`)
  .join('\n')

/** The keywords for completion: `+short`, `+noshort`, `+time=`. */
export const optionWords = Object.entries(options).flatMap(([name, { value }]) =>
  value ? [`+${name}=`] : [`+${name}`, `+no${name}`],
)

/** Applies one `+keyword`, which may be cut to any start that fits one meaning only. Throws ToolError `invalid_input`. */
export function applyOption(word: string, draft: Draft): void {
  const [keyword = '', text] = word.slice(1).toLowerCase().split('=', 2)
  const positive = find(keyword)
  const option = positive ?? (keyword.startsWith('no') ? find(keyword.slice(2)) : undefined)
  if (!option) throw wrong(`dig has no option ${word}; dig --help lists those it has`)
  const isEdns0 = option === options.edns && text === '0'
  option.apply(draft, positive !== undefined, isEdns0 ? 0 : numberFor(word, text, option, positive !== undefined))
}

function numberFor(word: string, text: string | undefined, option: Option, on: boolean): number {
  if (!option.value) {
    if (text !== undefined) throw wrong(`dig's option ${word} takes no such value`)
    return 0
  }
  if (!on) throw wrong(`dig's option ${word} can't be negated`)
  if (!/^\d+$/.test(text ?? '')) throw wrong(`dig's option ${word} needs a number, as in ${word.split('=', 1)}=2`)
  return Number(text)
}

function find(keyword: string): Option | undefined {
  if (Object.hasOwn(options, keyword)) return options[keyword]
  const fitting = new Set(
    Object.keys(options)
      .filter(name => keyword !== '' && name.startsWith(keyword))
      .map(name => options[name]),
  )
  return fitting.size === 1 ? [...fitting][0] : undefined
}

const wrong = (message: string) => new ToolError('invalid_input', message)
