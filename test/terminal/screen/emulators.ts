import {
  type Attributes,
  bgFlag,
  type CoreBuffer,
  type CoreLine,
  codePointMask,
  combinedFlag,
  contentMask,
  widthShift,
} from '../../../server/terminal/screen/core.ts'
import { type Emulator, loadEmulator } from '../../../server/terminal/screen/emulator.ts'
import { writeSnapshot } from '../../../server/terminal/screen/snapshot.ts'
import type { TerminalClient } from '../terminal-client.ts'

export const newEmulator = await loadEmulator()

export const opened = (input: string | Uint8Array, cols = 80, rows = 24): Emulator => {
  const emulator = newEmulator({ cols, rows })
  emulator.write(Buffer.from(input as string))
  return emulator
}

export function snapshotOf(emulator: Emulator, title = ''): Buffer {
  const writing = writeSnapshot(emulator, title)
  for (;;) {
    const { done, value } = writing.next()
    if (done) return value
  }
}

/** A fresh terminal of the same size that was given the snapshot. */
export const restored = (emulator: Emulator): Emulator =>
  opened(snapshotOf(emulator), emulator.core.cols, emulator.core.rows)

/** What a client shows: its last snapshot and the output after it. */
export function shownBy(client: TerminalClient): Emulator {
  const { cols, rows, bytes } = client.snapshots().at(-1)!
  const emulator = opened(bytes, cols, rows)
  emulator.write(client.bytes)
  return emulator
}

const colour = (value: number) => {
  const mode = value & 0x3000000
  return mode === 0x3000000 ? value & 0x3ffffff : mode === 0 ? 0 : mode | (value & 0xff)
}

/** What is seen of a cell; bits that mean nothing are left behind by xterm.js. */
function attributesOf({ fg, bg }: Pick<Attributes, 'fg' | 'bg'>, extended: { _ext: number } | undefined, url: string) {
  const isUnderlined = (fg & 0x10000000) !== 0
  const ext = (bg & bgFlag.extended) !== 0 ? (extended?._ext ?? 0) : 0
  const flags = [(fg >>> 26).toString(2), ((bg & ~bgFlag.extended) >>> 26).toString(2)].join('/')
  const underline = isUnderlined ? `${(ext >>> 26) & 7 || 1}:${colour(ext)}` : ''
  return `${flags} ${colour(fg).toString(16)} ${colour(bg).toString(16)} ${underline} ${url}`.trimEnd()
}

function cellsOf(line: CoreLine, cols: number, { core }: Emulator) {
  const cells: string[] = []
  for (let column = 0; column < cols; column++) {
    const [content = 0, fg = 0, bg = 0] = line._data.subarray(column * 3, column * 3 + 3)
    const extended = (bg & bgFlag.extended) !== 0 ? line._extendedAttrs[column] : undefined
    const link = extended?._urlId ? core._oscLinkService.getLinkData(extended._urlId) : undefined
    let text = (content & combinedFlag) !== 0 ? line._combined[column]! : ''
    if (!text && (content & codePointMask) !== 0) text = String.fromCodePoint(content & codePointMask)
    const attributes = attributesOf({ fg, bg }, extended, link ? `${link.id}|${link.uri}` : '')
    // An erased cell has no attribute but its background; one that has others shows as a space, and becomes one.
    const isBare = /^0\/0 0 \S+$/.test(attributes)
    if ((content & contentMask) === 0 && !isBare && content >>> widthShift === 1) text = ' '
    // The left half of a wide character, where a resize cut the line, shows as a space too.
    const isCut = column === cols - 1 && content >>> widthShift === 2
    cells.push(isCut ? ` ·1·${attributes}` : `${text}·${content >>> widthShift}·${attributes}`)
  }
  return cells
}

function bufferOf(buffer: CoreBuffer, emulator: Emulator, first = 0) {
  const { cols, rows } = emulator.core
  const lines = Array.from({ length: buffer.lines.length - first }, (_, index) => {
    const line = buffer.lines.get(first + index)!
    return { isWrapped: index > 0 && line.isWrapped, cells: cellsOf(line, cols, emulator).join('|') }
  })
  const row = Math.min(Math.max(buffer.savedY - buffer.ybase, 0), rows - 1)
  return {
    lines,
    region: [buffer.scrollTop, buffer.scrollBottom],
    tabs: Object.keys(buffer.tabs).filter(stop => buffer.tabs[Number(stop)] && Number(stop) < cols),
    saved: [Math.min(buffer.savedX, cols - 1), row, emulator.charsets.get(buffer.savedCharset)],
    savedAttributes: attributesOf(buffer.savedCurAttrData, undefined, ''),
  }
}

/** All that can be read of a terminal. */
export function stateOf(emulator: Emulator) {
  const { core, charsets } = emulator
  const { normal, alt, active } = core.buffers
  const { _charsetService: sets, coreService, coreMouseService, optionsService } = core
  const current = core._inputHandler._curAttrData
  const link = core._oscLinkService.getLinkData(current.extended._urlId)
  const hasColour = (current.extended._ext & 0x3000000) !== 0
  return {
    size: emulator.size,
    isAlternate: active === alt,
    cursor: [active.x, active.y],
    normal: bufferOf(normal, emulator),
    alternate: active === alt ? bufferOf(alt, emulator, alt.ybase) : undefined,
    attributes: attributesOf(current, current.extended, link?.uri ?? ''),
    underlineColour: hasColour ? colour(current.extended._ext) : 0,
    charsets: [sets.charset, ...[0, 1, 2, 3].map(slot => sets._charsets[slot])].map(each => charsets.get(each)),
    level: sets.glevel,
    modes: { ...coreService.decPrivateModes, ...coreService.modes, isHidden: coreService.isCursorHidden },
    options: [optionsService.options.convertEol, optionsService.options.cursorBlink],
    mouse: [coreMouseService.activeProtocol, coreMouseService.activeEncoding],
    mayJoin: mayJoin(emulator),
    colours: emulator.palette.sequences,
  }
}

/** Whether the next character may join the one before the cursor: not when a resize moved the cursor away from it. */
function mayJoin({ core }: Emulator): boolean {
  const { x, y, ybase, lines } = core.buffers.active
  const before = lines.get(ybase + y)!._data
  const isText = (column: number) => (before[column * 3]! & contentMask) !== 0
  return core._inputHandler._parser.precedingJoinState !== 0 && x > 0 && (isText(x - 1) || (x > 1 && isText(x - 2)))
}
