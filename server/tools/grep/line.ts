import { isUtf8 } from 'node:buffer'
import type { Range } from './matcher.ts'
import type { Spans } from './spans.ts'

/** A line on its way through a tool's events; nothing is decoded unless a face asks for it. */
export class Line {
  readonly type: 'match' | 'context'
  readonly path: string
  readonly lineNumber: number | null
  readonly byteOffset: number
  /** Without its end. */
  readonly bytes: Buffer
  readonly #spans: Spans | undefined

  constructor(
    type: Line['type'],
    path: string,
    { lineNumber, byteOffset, bytes }: Pick<Line, 'lineNumber' | 'byteOffset' | 'bytes'>,
    spans: Spans | undefined,
  ) {
    this.type = type
    this.path = path
    this.lineNumber = lineNumber
    this.byteOffset = byteOffset
    this.bytes = bytes
    this.#spans = spans
  }

  get submatches(): Range[] {
    return this.#spans?.of(this.bytes) ?? []
  }

  get encoding(): 'utf8' | 'base64' {
    return isUtf8(this.bytes) ? 'utf8' : 'base64'
  }

  get text(): string {
    return this.bytes.toString(this.encoding)
  }

  toJSON() {
    const { type, path, lineNumber, byteOffset, text, encoding } = this
    const common = { type, path, lineNumber, byteOffset, text, encoding }
    return type === 'match' ? { ...common, submatches: this.submatches } : common
  }
}
