import type { CellWriter } from './cell-writer.ts'
import { bgFlag, type CoreBuffer, type CoreLine, contentMask, widthShift } from './core.ts'

/** Lines between two looks at the clock: 200 lines of 200 columns take about a millisecond. */
const sliceLines = 200

/** Writes the lines of a buffer from `first` on; the cursor starts at the left of an empty screen. Yields now and then. */
export function* writeLines(out: CellWriter, buffer: CoreBuffer, first: number, cols: number, rows: number) {
  const { lines } = buffer
  let wrapped = false
  for (let index = first; index < lines.length; index++) {
    const line = lines.get(index)!
    const next = index + 1 < lines.length ? lines.get(index + 1)! : undefined
    const goesOver = next?.isWrapped === true && beginsWithText(next)
    const isShort = goesOver && leavesRoom(line, next, cols)
    out.cells(line, 0, Math.min(isShort ? cols - 1 : cols, line.length), wrapped)
    out.move(isShort)
    wrapped = goesOver && (isShort || fills(line, cols))
    if (next && !wrapped) endLine(out, line, next, cols, rows)
    if (index % sliceLines === 0) {
      out.flush()
      yield
    }
  }
}

function endLine(out: CellWriter, line: CoreLine, next: CoreLine, cols: number, rows: number): void {
  if (next.isWrapped && rows > 1) forceWrap(out, line, fills(line, cols), cols)
  else {
    out.plain()
    out.sequence('\r\n')
  }
}

const beginsWithText = ({ _data }: CoreLine) => _data[0]! >>> widthShift > 0 && (_data[0]! & contentMask) !== 0

/** Whether the last cell is printed: one of its own, the right half of one, or the left half where the line was cut. */
function fills(line: CoreLine, cols: number): boolean {
  const content = line._data[(cols - 1) * 3]!
  if (content >>> widthShift > 0) return (content & contentMask) !== 0
  const before = cols > 1 ? line._data[(cols - 2) * 3]! : 0
  return before >>> widthShift === 2 && (before & contentMask) !== 0
}

/** Whether the last cell is empty because the wide character that begins the next line didn't fit, so that it will be again. */
function leavesRoom(line: CoreLine, next: CoreLine, cols: number): boolean {
  const at = (cols - 1) * 3
  if (next._data[0]! >>> widthShift !== 2 || (line._data[at]! & contentMask) !== 0 || line._data[at] === 0) return false
  const [bg, nextBg] = [line._data[at + 2]!, next._data[2]!]
  if (line._data[at + 1] !== next._data[1] || bg !== nextBg) return false
  if ((bg & bgFlag.extended) === 0) return true
  const [own, others] = [line._extendedAttrs[cols - 1], next._extendedAttrs[0]]
  return own?._ext === others?._ext && own?._urlId === others?._urlId
}

/** Spaces make the line wrap; then they are erased. */
function forceWrap(out: CellWriter, line: CoreLine, isFull: boolean, cols: number): void {
  out.link(0)
  out.plain()
  if (isFull) out.sequence(' \r\x1b[X')
  else {
    out.sequence(`\x1b[${cols}G  \x1b[A\x1b[${cols}G\x1b[X`)
    out.cells(line, cols - 1, cols, false)
    out.move(false)
    out.link(0)
    out.plain()
    out.sequence('\x1b[B\r\x1b[X')
  }
}
