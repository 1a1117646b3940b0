import type { Draft } from '../../core/tool.ts'
import { typeNumber } from '../../net/dns/registries.ts'
import { takeDigWord } from './dig.ts'

/**
 * A word of `ditty dns` that is no flag. The first plain one is the name, even where it is also a type: a Service may be called
 * `mx`. The others are dig's: types (here several, `A,AAAA`), a class, `@SERVER`, `+option`.
 */
export function takeWord(word: string, draft: Draft): void {
  if (!/^[@+]/.test(word) && draft.name === undefined) draft.name = word
  else if (draft.type === undefined && isTypeList(word)) draft.type = word.toUpperCase()
  else takeDigWord(word, draft)
}

const isTypeList = (word: string) => word.split(',').every(type => typeNumber(type) !== undefined)
