import { type CastVersion, castHeaderLine, castTime } from '../../protocol/asciicast.ts'
import type { Recording } from './recording.ts'

/** The whole file so far, in pieces. */
export function* castFile(recording: Recording, version: CastVersion): Generator<Buffer> {
  yield Buffer.from(`${castHeaderLine(version, recording.header)}\n`)
  const events = recording.read()
  yield* version === 3 ? events : sinceStart(events)
}

/** Version 2 tells each time since the start. No line break stands inside an event, since JSON escapes them. */
function* sinceStart(pieces: Iterable<Buffer>): Generator<Buffer> {
  let ms = 0
  let cut: Buffer = Buffer.alloc(0)
  for (const piece of pieces) {
    const end = piece.lastIndexOf(0x0a) + 1
    const whole = Buffer.concat([cut, piece.subarray(0, end)]).toString()
    cut = end === 0 ? Buffer.concat([cut, piece]) : piece.subarray(end)
    if (end === 0) continue
    yield Buffer.from(
      whole.replaceAll(/^\[([\d.]+)/gm, (_, seconds) => {
        ms += Math.round(Number(seconds) * 1000)
        return `[${castTime(ms)}`
      }),
    )
  }
}
