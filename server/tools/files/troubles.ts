import { ToolError } from '../../core/errors.ts'
import { errnoOf, type Linux } from '../../linux/linux.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { trouble } from '../../linux/root/trouble.ts'
import { type ByteText, bytesOf, shown, textFields } from './byte-text.ts'
import type { TroubleEvent } from './schema.ts'

interface Circumstances {
  named?: boolean
  step?: TroubleEvent['step']
}

/** What could not be looked at is told of, and the looking goes on. */
export class Troubles {
  readonly #linux: Linux
  readonly #root: FileRoot
  /** How many there were. */
  count = 0
  /** How many of the named. */
  missing = 0

  constructor(linux: Linux, root: FileRoot) {
    this.#linux = linux
    this.#root = root
  }

  async of(
    error: unknown,
    path: ByteText,
    { named = false, step = 'look' }: Circumstances = {},
  ): Promise<TroubleEvent> {
    const bytes = bytesOf(path)
    const { code, message, remedy } = await trouble({ linux: this.#linux, root: this.#root }, error, 'read', bytes)
    // What is no error of a file is a fault of ours.
    if (code === 'internal') throw error
    const errno = errnoOf(error)
    this.count++
    if (named) this.missing++
    return {
      type: 'trouble',
      ...textFields('path', path),
      code,
      ...(errno === undefined ? {} : { errno }),
      reason: withoutPath(message, shown(path)),
      ...(remedy === undefined ? {} : { remedy }),
      step,
      named,
    }
  }
}

const withoutPath = (message: string, path: string) =>
  message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message

/** A link leads back to a folder that it is in. */
export const loopError = (path: ByteText): ToolError =>
  new ToolError('invalid_input', `${shown(path)}: a link leads back to a folder above it; it is not followed`)
