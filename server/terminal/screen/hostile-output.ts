import type { Core } from './core.ts'

/** Characters of a link's address that are kept: what browsers take. A longer one is no link. */
const maxLinkLength = 2_083
/** Links on one screen and its scrollback, 2 MiB at most. More are shown as text. */
const maxLinks = 1_000

/** UTF-16 units of one cell: a base with more marks than any script puts on it. A program can pile up megabytes. */
const maxCellLength = 64

/** Keeps what links may cost within bounds. */
export function boundLinks(core: Core): void {
  const { _inputHandler: handler } = core
  let data = ''
  // The emulator's own handler, asked second, reads up to 10 MB; this one stops sooner.
  handler._parser.registerOscHandler(8, {
    start: () => {
      data = ''
    },
    put: (codes: Uint32Array, start: number, end: number) => {
      if (data.length > maxLinkLength) return
      for (let index = start; index < end; index++) data += String.fromCodePoint(codes[index]!)
    },
    end: () => {
      const isClosing = data.endsWith(';')
      const isTooMuch = data.length > maxLinkLength || core._oscLinkService._dataByLinkId.size >= maxLinks
      data = ''
      if (isClosing || !isTooMuch) return false
      return handler.setHyperlink(';')
    },
  })
}

interface Line {
  _combined: Record<number, string>
  isCombined(index: number): number
  addCodepointToCell(index: number, codePoint: number, width: number): void
}

/** Marks past the bound are dropped, in every terminal of this copy of the library. */
export function boundMarks(core: Core): void {
  const line = Object.getPrototypeOf(core.buffers.normal.lines.get(0)) as Line
  const add = line.addCodepointToCell
  line.addCodepointToCell = function (index, codePoint, width) {
    const isFull = this.isCombined(index) && (this._combined[index]?.length ?? 0) >= maxCellLength
    if (!isFull) add.call(this, index, codePoint, width)
  }
}
