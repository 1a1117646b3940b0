import { ToolError } from '../core/errors.ts'
import { describeField } from '../core/input.ts'
import type { Draft, Flag, WordFiles } from '../core/tool.ts'
import { type Command, fieldsOf } from './grammar.ts'

/** What a command line asks for. */
export interface Parsed {
  help: boolean
  json: boolean
  draft: Draft
}

/** Reads a command line by its grammar, in getopt_long(3)'s ways: clusters, `-c4`, `--name=value`, `--`. */
export async function parseWords(command: Command, words: readonly string[], files: WordFiles): Promise<Parsed> {
  const reader = new Reader(command, words, files)
  await reader.readAll()
  if (!reader.parsed.help) command.grammar.finish?.(reader.parsed.draft)
  return reader.parsed
}

class Reader {
  readonly parsed: Parsed
  readonly #command: Command
  readonly #files: WordFiles
  readonly #words: string[]
  #operands = 0

  constructor(command: Command, words: readonly string[], files: WordFiles) {
    this.#command = command
    this.#files = files
    this.#words = [...words]
    this.parsed = { help: false, json: false, draft: { ...command.grammar.defaults } }
  }

  async readAll(): Promise<void> {
    for (let word = this.#words.shift(); word !== undefined; word = this.#words.shift()) {
      if (word === '--') {
        for (const operand of this.#words.splice(0)) this.#operand(operand)
      } else if (word === '--help') this.parsed.help = true
      else if (word === '--json') this.parsed.json = true
      else if (word.startsWith('--')) await this.#long(word.slice(2), word)
      else if (word.startsWith('-') && word !== '-') await this.#dashed(word)
      else this.#operand(word)
    }
  }

  async #dashed(word: string): Promise<void> {
    if (this.#command.grammar.dashed?.(word, this.parsed.draft)) return
    const name = word.slice(1)
    if (this.#command.grammar.singleDash && this.#findLong(name.split('=', 1)[0]!)) return this.#long(name, word)
    return this.#cluster(name)
  }

  async #long(text: string, word: string): Promise<void> {
    const equals = text.indexOf('=')
    const name = equals < 0 ? text : text.slice(0, equals)
    const flag = this.#findLong(name)
    if (!flag) throw this.#unknown(word)
    if (!flag.metavar && equals >= 0) throw usageError(`--${name} takes no value`)
    const value = equals < 0 ? undefined : text.slice(equals + 1)
    await this.#apply(flag, `--${name}`, value)
  }

  async #cluster(letters: string): Promise<void> {
    for (let at = 0; at < letters.length; at++) {
      const letter = letters[at]!
      const flag = this.#command.grammar.flags.find(flag => flag.short === letter)
      if (!flag) {
        if (letter === 'h') this.parsed.help = true
        else throw this.#unknown(`-${letter}`)
      } else if (flag.metavar) {
        const attached = letters.slice(at + 1)
        return this.#apply(flag, `-${letter}`, attached === '' ? undefined : attached)
      } else await this.#apply(flag, `-${letter}`, undefined)
    }
  }

  async #apply(flag: Flag, name: string, attached: string | undefined): Promise<void> {
    const { draft } = this.parsed
    const value = attached ?? this.#detached(flag)
    const isBare = value === undefined && flag.bare !== undefined
    if (!flag.metavar || isBare) {
      draft[flag.field] = this.#valueOf(isBare ? { ...flag, value: flag.bare } : flag)
      return
    }
    const word = value ?? this.#words.shift()
    if (word === undefined) throw usageError(`${name} needs a value: ${name} ${flag.metavar}`)
    const previous = draft[flag.field]
    draft[flag.field] = flag.parse
      ? await flag.parse(word, previous, this.#files)
      : this.#convert(flag.field, word, name, previous)
  }

  #detached({ detached }: Flag): string | undefined {
    return detached && /^[^-+]/.test(this.#words[0] ?? '') ? this.#words.shift() : undefined
  }

  /** A list collects (`-tu` asks for both); a flag whose value is a list replaces it. */
  #valueOf({ field, value = true }: Flag): unknown {
    const isList = this.#kind(field) === 'array' && !Array.isArray(value)
    return isList ? [...((this.parsed.draft[field] as unknown[] | undefined) ?? []), value] : value
  }

  #operand(word: string): void {
    const index = this.#operands++
    const { grammar, tool } = this.#command
    if (grammar.operand) grammar.operand(word, this.parsed.draft, index)
    else this.#positional(word, index, tool.positional)
  }

  #positional(word: string, index: number, positional: readonly string[]): void {
    const field = positional[Math.min(index, positional.length - 1)]
    const takesMore = field !== undefined && (index < positional.length || this.#kind(field) === 'array')
    if (!takesMore) throw usageError(`one word too many: ${word} (usage: ${this.#command.grammar.usage})`)
    this.parsed.draft[field] = this.#convert(field, word, field, this.parsed.draft[field])
  }

  #convert(field: string, word: string, name: string, previous: unknown): unknown {
    switch (this.#kind(field)) {
      case 'number':
        return numberOf(word, name)
      case 'array':
        return [...((previous as unknown[] | undefined) ?? []), word]
      default:
        return word
    }
  }

  #kind(field: string) {
    const schema = fieldsOf(this.#command.tool)[field]
    if (!schema)
      throw new ToolError('internal', `${this.#command.name} has a flag for ${field}, which its schema lacks`)
    return describeField(schema).kind
  }

  #findLong(name: string): Flag | undefined {
    return this.#command.grammar.flags.find(flag => flag.long === name)
  }

  #unknown(word: string): ToolError {
    return usageError(`${this.#command.name} has no flag ${word}; ${this.#command.name} --help lists those it has`)
  }
}

function numberOf(word: string, name: string): number {
  const value = word.trim() === '' ? Number.NaN : Number(word)
  if (Number.isNaN(value)) throw usageError(`${name} takes a number, not '${word}'`)
  return value
}

const usageError = (message: string) => new ToolError('invalid_input', message)
