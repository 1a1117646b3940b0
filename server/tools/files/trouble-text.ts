import type { Chunk } from '../../core/tool.ts'
import { bytesOfFields, shown } from './byte-text.ts'
import { quoted } from './quoting.ts'
import type { TroubleEvent } from './schema.ts'

/** strerror(3), where a person knows the words. */
const words: Record<string, string> = {
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENOTCONN: 'Transport endpoint is not connected',
  EIO: 'Input/output error',
  ESTALE: 'Stale file handle',
  EMFILE: 'Too many open files',
}

/** As the C tools say it: `Permission denied`; what only ditty finds out in its own words. */
export const problemWords = ({ errno, reason }: TroubleEvent): string => words[errno ?? ''] ?? reason

/** In quotes that a shell would take, as coreutils writes it. */
export const quotedPath = (event: TroubleEvent): string => shown(quoted(bytesOfFields(event), 'shell-escape-always'))

/** Says each remedy once, at the end: many troubles have the same. */
export class Remedies {
  readonly #remedies = new Set<string>()

  add({ remedy }: TroubleEvent): void {
    if (remedy !== undefined && this.#remedies.size < 3) this.#remedies.add(remedy)
  }

  text(name: string): Chunk[] {
    return [...this.#remedies].map(remedy => ({ stderr: `${name}: ${remedy}\n` }))
  }
}
