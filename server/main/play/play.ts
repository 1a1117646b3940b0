import type { Cast } from '../../protocol/asciicast-reader.ts'
import { guarded } from '../guarded.ts'
import { type PlayEnd, PlayKeys } from './keys.ts'
import { type PlayOptions, parsePlayOptions, playHelp } from './options.ts'
import { readCast } from './read-cast.ts'

/**
 * Modes that a recording may leave behind: the other screen, mouse and focus reports, bracketed paste, a hidden cursor, colours,
 * a scroll region, a line-drawing character set.
 */
const tidy =
  '\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[?2026l\x1b[?1l\x1b>\x1b7\x1b[r\x1b8\x1b[?25h\x1b[0m\x1b(B\x0f'

const statusOf: Record<PlayEnd, number> = { shown: 0, quit: 0, interrupted: 130 }

/** `ditty play FILE`: a recording in the terminal one stands on. */
export const play = (words: string[]): Promise<number> =>
  guarded('ditty play', async () => {
    const options = parsePlayOptions(words)
    if (!options) {
      process.stdout.write(playHelp())
      return 0
    }
    const cast = await readCast(options.file)
    warnOfSize(cast)
    const keys = new PlayKeys(process.stdin)
    process.stdout.on('error', () => keys.quit())
    try {
      return statusOf[await show(cast, options, keys)]
    } finally {
      keys.close()
      if (process.stdout.isTTY) process.stdout.write(tidy)
    }
  })

/** Each event at its time since the start, so that late timers don't add up. */
async function show({ events }: Cast, { speed, idleMs }: PlayOptions, keys: PlayKeys): Promise<PlayEnd> {
  const start = performance.now()
  let [due, last] = [0, 0]
  for (const { ms, code, data } of events) {
    due += Math.min(ms - last, idleMs) / speed
    last = ms
    const end = await keys.until(due, start)
    if (end) return end
    if (code === 'o') await written(data)
  }
  return 'shown'
}

/** The callback comes also where nobody reads any more. */
const written = (data: string) => new Promise<void>(resolve => process.stdout.write(data, () => resolve()))

function warnOfSize({ header, events }: Cast): void {
  const { columns, rows, isTTY } = process.stdout
  let [needCols, needRows] = [header.cols, header.rows]
  for (const { size } of events) {
    needCols = Math.max(needCols, size?.cols ?? 0)
    needRows = Math.max(needRows, size?.rows ?? 0)
  }
  if (isTTY && (columns < needCols || rows < needRows))
    process.stderr.write(
      `ditty play: recorded at ${needCols}x${needRows}, larger than this terminal of ${columns}x${rows}\n`,
    )
}
