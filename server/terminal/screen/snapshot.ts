import { CellWriter } from './cell-writer.ts'
import type { Emulator } from './emulator.ts'
import { writeLines } from './line-writer.ts'
import { writeCharsets, writeCursor, writeModes, writeRegion, writeSavedCursor, writeTabs } from './state-writer.ts'

/**
 * Bytes of one snapshot. 2,000 full lines of 80 columns have 170 KB, in colour some 400; a program that gives each cell of a huge
 * window its own colour has fewer lines above the screen kept, then none, then no colours.
 */
export const maxSnapshotBytes = 4 * 1024 * 1024

/**
 * Bytes that make a terminal which was just reset, and has the same size, what this one is. Yields now and then: the emulator must
 * stay as it is until the end.
 */
export function* writeSnapshot(
  emulator: Emulator,
  title: string,
  maxBytes = maxSnapshotBytes,
): Generator<void, Buffer> {
  for (let lines = emulator.core.buffers.normal.ybase; lines > 0; lines = lines >> 1) {
    const bytes = yield* writeWith(emulator, title, lines, true, maxBytes)
    if (bytes) return bytes
  }
  return (
    (yield* writeWith(emulator, title, 0, true, maxBytes)) ??
    (yield* writeWith(emulator, title, 0, false, maxBytes)) ??
    Buffer.alloc(0)
  )
}

/** With so many lines above the screen; undefined when that is too much. */
function* writeWith(
  { core, charsets, palette }: Emulator,
  title: string,
  above: number,
  colours: boolean,
  max: number,
) {
  const { cols, rows, buffers } = core
  const { normal, alt, active } = buffers
  const out = new CellWriter(core, colours)
  out.sequence(palette.sequences)
  if (title) out.sequence(`\x1b]2;${title}\x1b\\`)
  for (const buffer of active === alt ? [normal, alt] : [normal]) {
    if (buffer === alt) out.sequence('\x1b[?47h\x1b[H')
    // After some resizes xterm.js keeps lines above the alternate screen too, which nobody is meant to see.
    const first = buffer === alt ? alt.ybase : Math.max(0, normal.ybase - above)
    for (const _ of writeLines(out, buffer, first, cols, rows)) {
      if (out.length > max) return undefined
      yield
    }
    out.link(0)
    out.plain()
    writeTabs(out, buffer, cols)
    writeSavedCursor(out, buffer, charsets, cols, rows)
    writeRegion(out, buffer, rows)
  }
  writeState(out, core, charsets)
  const bytes = Buffer.from(out.take().join(''))
  return bytes.length > max ? undefined : bytes
}

/** Charsets change what is printed again with the cursor, except where it would join and was printed in them. */
function writeState(out: CellWriter, core: Emulator['core'], charsets: Emulator['charsets']): void {
  const { charset, glevel, _charsets } = core._charsetService
  const isFirst = core._inputHandler._parser.precedingJoinState !== 0 || charset !== _charsets[glevel]
  if (isFirst) writeCharsets(out, core, charsets)
  writeModes(out, core)
  writeCursor(out, core)
  if (!isFirst) writeCharsets(out, core, charsets)
}
