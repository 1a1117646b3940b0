import type { FileStatus, FileType } from '../../../linux/root/status.ts'
import type { ByteText } from '../byte-text.ts'
import { byteCells } from '../cells.ts'
import type { Found } from '../found.ts'
import { type QuotingStyle, quoted } from '../quoting.ts'
import type { FilesView } from '../schema.ts'
import { type Coloured, painted } from './colours.ts'
import type { Cell } from './columns.ts'

/** How names are written on this page. */
export interface NameStyle {
  quoting: QuotingStyle
  /** What can't be printed as `?`. */
  hides: boolean
  indicator: FilesView['indicator']
  colour: boolean
  isLong: boolean
  /** Names without quotes stand below those with. */
  aligns: boolean
}

type Kind = Pick<FileStatus, 'mode'> | undefined

/** Writes names as a page wants them. */
export class NameWriter {
  readonly #style: NameStyle

  constructor(style: NameStyle) {
    this.#style = style
  }

  /** Whether one of them stands in quotes, so that the others get a blank. */
  hasQuotes(all: readonly Found[], nameOf: (found: Found) => ByteText): boolean {
    return this.#style.aligns && all.some(found => this.#isQuoted(nameOf(found)))
  }

  /** The name with its indicator, and where a long line says it, the target of a link. */
  write(found: Found, name: ByteText, isBesideQuotes: boolean): Cell {
    const text = this.written(name)
    const pad = isBesideQuotes && !this.#isQuoted(name) ? ' ' : ''
    const { fileType, status } = found
    const showsTarget = this.#style.isLong && found.linkTargetBytes !== undefined && fileType === 'link'
    const mark = showsTarget ? '' : this.#mark(fileType, status)
    const target = showsTarget ? ` -> ${this.#target(found)}` : ''
    return {
      text: pad + this.#painted(text, { fileType, status }) + mark + target,
      cells: pad.length + byteCells(text) + mark.length,
    }
  }

  written(name: ByteText): ByteText {
    return quoted(name, this.#style.quoting, this.#style.hides)
  }

  #target({ linkTargetBytes = '', linkStatus }: Found): ByteText {
    const text = this.written(linkTargetBytes)
    const { indicator } = this.#style
    // coreutils looks where a link leads for its sign alone.
    if (!linkStatus || indicator === 'none' || indicator === 'slash') return text
    const thing = { fileType: linkStatus.type, status: linkStatus }
    return this.#painted(text, thing) + this.#mark(thing.fileType, linkStatus)
  }

  #painted(text: ByteText, thing: Coloured): ByteText {
    return this.#style.colour ? painted(text, thing) : text
  }

  #isQuoted(name: ByteText): boolean {
    return this.written(name) !== quoted(name, 'literal', this.#style.hides)
  }

  #mark(type: FileType | 'unknown', status: Kind): string {
    const { indicator } = this.#style
    if (indicator === 'none') return ''
    if (type === 'directory') return '/'
    if (indicator === 'slash') return ''
    if (type === 'file') return indicator === 'classify' && (status?.mode ?? 0) & 0o111 ? '*' : ''
    return { link: '@', fifo: '|', socket: '=' }[type as string] ?? ''
  }
}
