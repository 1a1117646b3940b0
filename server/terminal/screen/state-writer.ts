import type { CellWriter } from './cell-writer.ts'
import {
  type Attributes,
  bgFlag,
  type Charset,
  type Core,
  type CoreBuffer,
  type CoreLine,
  contentMask,
  widthShift,
} from './core.ts'

/** The final letter that selects each charset. */
export type CharsetNames = ReadonlyMap<Charset, string>

const slots = ['(', ')', '*', '+']
const shifts = ['\x0f', '\x0e', '\x1bn', '\x1bo']

export function setAttributes(out: CellWriter, { fg, bg, extended }: Attributes): void {
  out.attributes(fg, bg & ~bgFlag.extended, extended._ext)
}

/** Tab stops, unless they are one in eight columns. */
export function writeTabs(out: CellWriter, { tabs }: CoreBuffer, cols: number): void {
  const stops = Array.from({ length: cols }, (_, column) => column).filter(column => tabs[column])
  if (stops.join() === Array.from({ length: Math.ceil(cols / 8) }, (_, index) => index * 8).join()) return
  out.sequence('\x1b[3g')
  for (const column of stops) out.sequence(`\x1b[${column + 1}G\x1bH`)
}

/** DECSC at the place, with the attributes and the charset that were saved. */
export function writeSavedCursor(
  out: CellWriter,
  buffer: CoreBuffer,
  names: CharsetNames,
  cols: number,
  rows: number,
): void {
  const { savedX, savedY, savedCurAttrData: saved, savedCharset } = buffer
  const row = Math.min(Math.max(savedY - buffer.ybase, 0), rows - 1)
  if (row === 0 && savedX === 0 && saved.fg === 0 && saved.bg === 0 && !savedCharset) return
  out.sequence(`\x1b[${row + 1};${Math.min(savedX, cols - 1) + 1}H`)
  out.attributes(saved.fg, saved.bg & ~bgFlag.extended, 0)
  out.sequence(savedCharset ? `\x0f\x1b(${names.get(savedCharset) ?? 'B'}\x1b7\x1b(B` : '\x1b7')
  out.plain()
}

/** The four charsets and which is in use: after DECRC that may be one that none of the four is. */
export function writeCharsets(out: CellWriter, core: Core, names: CharsetNames): void {
  const { charset, glevel, _charsets } = core._charsetService
  if (glevel === 0 && charset === undefined && _charsets.every(each => each === undefined)) return
  slots.forEach((slot, index) => {
    out.sequence(`\x1b${slot}${names.get(_charsets[index]) ?? 'B'}`)
  })
  out.sequence(shifts[glevel] ?? '\x0f')
  if (charset !== _charsets[glevel]) out.sequence('\x1b8')
}

export function writeRegion(out: CellWriter, { scrollTop, scrollBottom }: CoreBuffer, rows: number): void {
  if (scrollTop !== 0 || scrollBottom !== rows - 1) out.sequence(`\x1b[${scrollTop + 1};${scrollBottom + 1}r`)
}

const mouseModes: Record<string, number> = { X10: 9, VT200: 1000, DRAG: 1002, ANY: 1003 }
const mouseEncodings: Record<string, number> = { SGR: 1006, SGR_PIXELS: 1016 }
const cursorShapes = { block: 2, underline: 4, bar: 6 }

export function writeModes(out: CellWriter, core: Core): void {
  const { coreService, coreMouseService, optionsService } = core
  const { decPrivateModes: modes } = coreService
  const set = (isOn: boolean, bytes: string) => isOn && out.sequence(bytes)
  const mouse = mouseModes[coreMouseService.activeProtocol]
  const encoding = mouseEncodings[coreMouseService.activeEncoding]
  set(coreService.modes.insertMode, '\x1b[4h')
  set(optionsService.options.convertEol, '\x1b[20h')
  set(optionsService.options.cursorBlink, '\x1b[?12h')
  set(modes.applicationCursorKeys, '\x1b[?1h')
  set(modes.applicationKeypad, '\x1b=')
  set(modes.bracketedPasteMode, '\x1b[?2004h')
  set(modes.reverseWraparound, '\x1b[?45h')
  set(modes.sendFocus, '\x1b[?1004h')
  set(mouse !== undefined, `\x1b[?${mouse}h`)
  set(encoding !== undefined, `\x1b[?${encoding}h`)
  set(coreService.isCursorHidden, '\x1b[?25l')
  set(!modes.wraparound, '\x1b[?7l')
  set(
    modes.cursorStyle !== undefined,
    `\x1b[${cursorShapes[modes.cursorStyle ?? 'block'] - Number(modes.cursorBlink)} q`,
  )
  set(modes.synchronizedOutput, '\x1b[?2026h')
  set(modes.origin, '\x1b[?6h')
}

/**
 * The cursor, the attributes that come next, and what the next character would join: the last one is printed again, which also
 * puts the cursor past the end of a full line.
 */
export function writeCursor(out: CellWriter, core: Core): void {
  const { _curAttrData: current, _parser } = core._inputHandler
  const buffer = core.buffers.active
  const mayJoin = _parser.precedingJoinState !== 0
  const start = mayJoin || buffer.x >= core.cols ? startOfLast(core) : undefined
  place(out, core, start ?? Math.min(buffer.x, core.cols - 1))
  if (start !== undefined) {
    // In insert mode printing pushes the rest of the line on.
    if (core.coreService.modes.insertMode) out.sequence(`\x1b[${Math.min(buffer.x, core.cols) - start}P`)
    if (mayJoin) setCurrent(out, current)
    reprint(out, buffer, start, core.cols)
    if (!mayJoin) out.sequence('\0')
  }
  setCurrent(out, current)
}

function reprint(out: CellWriter, buffer: CoreBuffer, start: number, cols: number): void {
  const line = buffer.lines.get(buffer.ybase + buffer.y)!
  const isText = (line._data[start * 3]! & contentMask) !== 0
  if (isText) out.cells(line, start, Math.min(buffer.x, cols), false)
  else printEmpty(out, line, start)
}

function printEmpty(out: CellWriter, line: CoreLine, start: number): void {
  // Printed and erased again, line and all: no sequence erases the last cell alone and leaves the cursor past it.
  out.attributes(line._data[start * 3 + 1]!, line._data[start * 3 + 2]! & ~bgFlag.extended, 0)
  out.sequence(isEmptyLine(line) ? ' \x1b[2K' : ' ')
}

function isEmptyLine({ _data, length }: CoreLine): boolean {
  for (let column = 0; column < length; column++) {
    if ((_data[column * 3]! & contentMask) !== 0 || _data[column * 3 + 2] !== _data[2]) return false
  }
  return true
}

function setCurrent(out: CellWriter, current: Attributes): void {
  setAttributes(out, current)
  out.link(current.extended._urlId)
}

function place(out: CellWriter, core: Core, column: number): void {
  const { y, scrollTop } = core.buffers.active
  const row = core.coreService.decPrivateModes.origin ? y - scrollTop : y
  out.sequence(`\x1b[${row + 1};${column + 1}H`)
}

/** Where the cell before the cursor begins; undefined when it isn't what was printed last. */
function startOfLast(core: Core): number | undefined {
  const buffer = core.buffers.active
  const line = buffer.lines.get(buffer.ybase + buffer.y)
  const column = buffer.x - 1
  if (!line || column < 0) return undefined
  const width = line._data[column * 3]! >>> widthShift
  if (width === 0 && column > 0 && line._data[(column - 1) * 3]! >>> widthShift === 2) return column - 1
  const isThere = (line._data[column * 3]! & contentMask) !== 0
  return isThere || buffer.x >= core.cols ? column : undefined
}
