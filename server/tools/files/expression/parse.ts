import { ToolError } from '../../../core/errors.ts'
import { nearWords } from '../../../core/near-words.ts'
import { parsePrintf } from '../find/printf.ts'
import { type Needs, needsNothing } from '../walk.ts'
import { wrong } from './compare.ts'
import type { Action, Expression, ExpressionOptions, Look, Node } from './expression.ts'
import { type Mood, predicates } from './predicates.ts'
import { regexTypes } from './regex.ts'

/** Why an action of find isn't one of ours, and what does it. */
const refused: Record<string, string> = {
  '-exec': 'find … -print0 | xargs -0 COMMAND',
  '-execdir': 'find … -print0 | xargs -0 COMMAND',
  '-ok': 'find … -print0 | xargs -0 -p COMMAND',
  '-okdir': 'find … -print0 | xargs -0 -p COMMAND',
  '-delete': 'find … -print0 | xargs -0 rm, or inside the container: ditty enter',
  '-fprint': 'find … > FILE',
  '-fprint0': 'find … -print0 > FILE',
  '-fprintf': 'find … -printf FORMAT > FILE',
  '-fls': 'find … -ls > FILE',
}

/** Reads an expression of find(1). Throws ToolError `invalid_input`, or `unsupported` for what would change something. */
export function parseExpression(words: readonly string[]): Expression {
  return new Parser(words).parse()
}

/** Words that begin an expression: what stands before is a path. */
export const beginsExpression = (word: string): boolean =>
  (word.startsWith('-') && word.length > 1) || word === '(' || word === ')' || word === '!' || word === ','

class Parser {
  readonly #words: readonly string[]
  #at = 0
  #actions: Action[] = []
  #needs: Needs = { ...needsNothing }
  #options: ExpressionOptions = {}
  #mood: Mood = { dayStart: false, regexType: 'emacs' }

  constructor(words: readonly string[]) {
    this.#words = words
  }

  parse(): Expression {
    const node = this.#words.length === 0 ? isTrue : this.#list()
    if (this.#at < this.#words.length) throw wrongWord(`'${this.#words[this.#at]}' closes nothing`)
    return {
      node: this.#actions.length > 0 ? node : { is: 'and', left: node, right: { is: 'action', action: 0 } },
      actions: this.#actions,
      needs: this.#needs,
      options: this.#options,
    }
  }

  get #next(): string | undefined {
    return this.#words[this.#at]
  }

  #takes(...words: string[]): boolean {
    const taken = this.#next !== undefined && words.includes(this.#next)
    if (taken) this.#at++
    return taken
  }

  #list(): Node {
    let left = this.#or()
    while (this.#takes(',')) left = { is: 'list', left, right: this.#or() }
    return left
  }

  #or(): Node {
    let left = this.#and()
    while (this.#takes('-o', '-or')) left = { is: 'or', left, right: this.#and() }
    return left
  }

  #and(): Node {
    let left = this.#not()
    for (;;) {
      const isSaid = this.#takes('-a', '-and')
      const ends = this.#next === undefined || ['-o', '-or', ',', ')'].includes(this.#next)
      if (!isSaid && ends) return left
      left = { is: 'and', left, right: this.#not() }
    }
  }

  #not(): Node {
    if (this.#takes('!', '-not')) return { is: 'not', of: this.#not() }
    if (!this.#takes('(')) return this.#primary()
    if (this.#next === ')') throw wrongWord('there is nothing between ( and )')
    const inner = this.#list()
    if (!this.#takes(')')) throw wrongWord('a ( is not closed')
    return inner
  }

  #primary(): Node {
    const name = this.#words[this.#at++]
    if (name === undefined) throw wrongWord('it ends where a test should follow')
    const predicate = predicates.get(name)
    if (!predicate) return this.#option(name) ?? this.#action(name)
    Object.assign(this.#needs, predicate.needs)
    return { is: 'test', make: predicate.make(predicate.takesWord ? this.#word(name) : '', this.#mood, name) }
  }

  #word(name: string): string {
    const word = this.#words[this.#at++]
    if (word === undefined) throw wrongWord(`${name} needs a word after it`)
    return word
  }

  /** True wherever it stands. */
  #option(name: string): Node | undefined {
    switch (name) {
      case '-maxdepth':
        this.#options.depth = this.#level(name)
        return isTrue
      case '-mindepth':
        this.#options.minDepth = this.#level(name)
        return isTrue
      case '-xdev':
      case '-mount':
        this.#options.oneFileSystem = true
        return isTrue
      case '-depth':
      case '-d':
        this.#options.postOrder = true
        return isTrue
      case '-follow':
        this.#options.follow = 'always'
        return isTrue
      case '-daystart':
        this.#mood = { ...this.#mood, dayStart: true }
        return isTrue
      case '-regextype':
        this.#mood = { ...this.#mood, regexType: this.#regexType(name) }
        return isTrue
      case '-noleaf':
      case '-warn':
      case '-nowarn':
        return isTrue
      default:
        return undefined
    }
  }

  #level(name: string): number {
    const word = this.#word(name)
    if (!/^\d+$/.test(word)) throw wrong(name, word, 'a number of levels')
    return Number(word)
  }

  #regexType(name: string): string {
    const word = this.#word(name)
    if (!regexTypes.has(word)) throw wrong(name, word, `one of ${[...regexTypes.keys()].join(', ')}`)
    return word
  }

  #action(name: string): Node {
    switch (name) {
      case '-print':
      case '-print0':
        return this.#shows({ is: name === '-print' ? 'print' : 'print0' })
      case '-ls':
        Object.assign(this.#needs, { status: true, target: true })
        return this.#shows({ is: 'ls' })
      case '-printf': {
        const format = this.#word(name)
        Object.assign(this.#needs, parsePrintf(format).needs)
        return this.#shows({ is: 'printf', format })
      }
      case '-prune':
        return effect(look => look.prune())
      case '-quit':
        return effect(look => look.quit())
    }
    throw unknown(name)
  }

  #shows(action: Action): Node {
    this.#actions.push(action)
    return { is: 'action', action: this.#actions.length - 1 }
  }
}

/** True, and something is done. */
const effect = (act: (look: Look) => void): Node => ({
  is: 'test',
  make: () => (_found, look) => {
    act(look)
    return true
  },
})

const isTrue: Node = { is: 'test', make: () => () => true }

const wrongWord = (message: string) => new ToolError('invalid_input', `expression: ${message}`)

function unknown(name: string): ToolError {
  const remedy = refused[name]
  if (remedy)
    return new ToolError('unsupported', `expression: ${name} is not done here: looking changes nothing`, { remedy })
  if (!name.startsWith('-')) return wrongWord(`paths stand before it, but '${name}' comes behind`)
  const near = nearWords(name, [...predicates.keys()])
  return wrongWord(`there is no test ${name}${near.length > 0 ? `; is ${near.join(' or ')} meant?` : ''}`)
}
