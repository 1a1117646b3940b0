import { isIP } from 'node:net'
import { ToolError } from '../../core/errors.ts'
import type { Applet, Draft, Offer } from '../../core/tool.ts'
import { classNumber, knownTypes, typeNumber } from '../../net/dns/registries.ts'
import { applyOption, optionHelp, optionWords } from './dig-options.ts'
import { digText } from './dig-text.ts'
import type { DnsEvent, Input, View } from './schema.ts'

export const digOperands: Offer = { words: [...optionWords, ...knownTypes], find: ['host', 'server'] }

export const dig: Applet<Input, View, DnsEvent> = {
  usage: 'dig [@SERVER] [NAME] [TYPE] [CLASS] [flags] [+options]',
  summary: `Ask a DNS server, in the words of dig(1)`,
  description: `
Asks the server itself: neither /etc/hosts nor, without +search, the search list is used. Without a name it asks for the
servers of the root, without a type for A.

  dig +short kubernetes.default.svc.cluster.local
  dig @10.96.0.10 -x 10.96.0.1

Options:
${optionHelp}

Exit status: 0 a server answered, whatever it said; 1 wrong usage or a failure; 9 no server answered; 10 a fault of ditty.`,
  flags: [
    { field: 'name', short: 'q', metavar: 'NAME' },
    { field: 'type', short: 't', metavar: 'TYPE', parse: word => askedType(word) },
    { field: 'class', short: 'c', metavar: 'CLASS', parse: word => word.toUpperCase() },
    { field: 'port', short: 'p', metavar: 'PORT' },
    { field: 'reverse', short: 'x', metavar: 'ADDRESS', parse: word => word, help: 'Look up the name of an address' },
    { field: 'family', short: '4', value: 4, help: 'Ask over IPv4 only' },
    { field: 'family', short: '6', value: 6, help: 'Ask over IPv6 only' },
  ],
  defaults: { timeoutSeconds: 5, tries: 3, search: false, hosts: false, firstAnswerCounts: true },
  operand: takeDigWord,
  operands: digOperands,
  finish,
  text: digText,
  exitStatus({ error, summary }) {
    if (error?.code === 'cancelled') return undefined
    if (error) return error.code === 'internal' ? 10 : 1
    return summary?.rcode === null ? 9 : 0
  },
}

/** `@server`, `+option`, a type or class by its name, or else the name to ask for: dig takes them in any order. */
export function takeDigWord(word: string, draft: Draft): void {
  if (word.startsWith('@')) draft.server = word.slice(1)
  else if (word.startsWith('+')) applyOption(word, draft)
  else if (draft.type === undefined && typeNumber(word) !== undefined) draft.type = askedType(word)
  else if (draft.class === undefined && classNumber(word) !== undefined) draft.class = word.toUpperCase()
  else if (draft.name !== undefined || draft.reverse !== undefined)
    throw new ToolError('invalid_input', `one name at a time: '${word}' is neither a type nor an option`)
  else draft.name = word
}

function askedType(word: string): string {
  if (typeNumber(word) === undefined) throw new ToolError('invalid_input', `no record type '${word}'`)
  return word.toUpperCase()
}

/** Without a name dig asks for the root's servers; an address stays a name unless -x was given. A is the default of other names. */
function finish(draft: Draft): void {
  if (typeof draft.reverse === 'string') {
    draft.name = draft.reverse
    draft.reverse = true
    return
  }
  if (draft.name === undefined) {
    draft.name = '.'
    draft.type = 'NS'
  }
  if (isIP(String(draft.name))) draft.type ??= 'A'
}
