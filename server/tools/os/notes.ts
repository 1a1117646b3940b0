import type { ToolError } from '../../core/errors.ts'
import type { Note } from './schema.ts'

/** What wasn't seen, and why; each reason once. */
export class Notes {
  readonly #notes = new Map<string, Note>()

  add(note: Note): void {
    const known = this.#notes.get(note.why)
    if (!known) this.#notes.set(note.why, { ...note })
    else if (!known.what.split(', ').includes(note.what)) known.what += `, ${note.what}`
  }

  /** Something that was refused, by the error that says why. */
  denied(what: string, { message, remedy = '' }: ToolError): void {
    this.add({ what, why: message.startsWith(`${what}: `) ? message.slice(what.length + 2) : message, remedy })
  }

  get all(): Note[] {
    return [...this.#notes.values()]
  }
}
