import { unheldSocket } from './describe-descriptor.ts'
import type { Owner } from './found-file.ts'
import type { FileEvent, Input, Missing } from './schema.ts'
import type { SocketTables } from './socket-tables.ts'
import { exclusionsOf, type Group, groupsOf, type Known, type NamedPaths, type Term, type Test } from './terms.ts'

/** What a run is asked for. */
export class Selection {
  readonly #groups: Group[]
  readonly #exceptProcesses: Test[]
  readonly #exceptFiles: Test[]
  readonly #states: ReadonlySet<string> | undefined
  readonly #kinds: ReadonlySet<string> | undefined
  readonly #all: boolean
  readonly #everyProcess: boolean
  readonly #found = new Set<Term>()

  constructor(input: Input, paths: NamedPaths, known: Known) {
    this.#groups = groupsOf(input, paths, known).filter(({ terms }) => terms.length > 0)
    const { ofProcess, ofFile } = exclusionsOf(input, known)
    this.#exceptProcesses = ofProcess
    const { target, users, commands, exceptPids } = input
    const isNarrowed = [target, users, commands, exceptPids].some(field => field !== undefined)
    this.#everyProcess = !isNarrowed && this.#groups.every(({ about }) => about !== 'process')
    this.#exceptFiles = ofFile
    this.#states = input.states && new Set(input.states)
    this.#kinds = input.families && new Set(input.families.map(family => (family === 'inet' ? 'IPv4' : 'IPv6')))
    this.#all = input.match === 'all'
  }

  /** Whether files other than sockets need not be read. */
  get socketsOnly(): boolean {
    const sockets = this.#groups.filter(({ about }) => about === 'socket')
    return sockets.length > 0 && (this.#all || sockets.length === this.#groups.length)
  }

  /** Whether any file of this process may pass; a process that was named is found thereby, whatever it has open. */
  mayTake(owner: Owner): boolean {
    const file = owner as FileEvent
    if (this.#exceptProcesses.some(test => test(file))) return false
    const ofProcess = this.#groups.filter(({ about }) => about === 'process')
    for (const { terms } of ofProcess) this.#note(terms, file)
    if (this.#all) return ofProcess.every(group => passes(group, file))
    return (
      ofProcess.length < this.#groups.length || ofProcess.length === 0 || ofProcess.some(group => passes(group, file))
    )
  }

  /** Whether it is what was asked for; then it remembers which words it was found for. */
  takes(file: FileEvent): boolean {
    if (!this.#passes(file)) return false
    for (const { terms, about } of this.#groups) if (about !== 'process') this.#note(terms, file)
    return true
  }

  #passes(file: FileEvent): boolean {
    if (this.#exceptFiles.some(test => test(file))) return false
    if (this.#kinds && file.localPort !== undefined && !this.#kinds.has(file.kind)) return false
    if (this.#states && file.protocol === 'tcp' && !this.#states.has(file.state ?? '')) return false
    const groups = this.#groups
    if (groups.length === 0) return true
    return this.#all ? groups.every(group => passes(group, file)) : groups.some(group => passes(group, file))
  }

  #note(terms: readonly Term[], file: FileEvent): void {
    for (const term of terms) {
      const isNamed = term.named?.what === 'path' || term.named?.what === 'port'
      if ((this.#found.has(term) && !isNamed) || !term.test(file)) continue
      this.#found.add(term)
      if (isNamed) file.asked = [...(file.asked ?? []), term.named!.name]
    }
  }

  /** What was named and not found; of a socket that is there all the same, that its process is not visible. */
  missing(sockets: SocketTables): Missing[] {
    const terms = this.#groups.flatMap(({ terms }) => terms)
    return terms.flatMap(term => {
      if (!term.named || this.#found.has(term)) return []
      return this.#isHeldUnseen(term, sockets) ? [{ ...term.named, why: unseenHolder }] : [term.named]
    })
  }

  /** Only where every process was looked for. */
  #isHeldUnseen({ named, test }: Term, sockets: SocketTables): boolean {
    if (!this.#everyProcess || (named?.what !== 'port' && named?.what !== 'socket')) return false
    return sockets.unmet().some(socket => {
      const file = unheldSocket(socket)
      return test(file) && this.#passes(file)
    })
  }
}

const unseenHolder = 'a socket is there, but its process is not visible here, or may not be looked into'

const passes = ({ terms }: Group, file: FileEvent) => terms.some(({ test }) => test(file))
