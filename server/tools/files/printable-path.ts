import { type ByteText, rawText, utf8Of } from './byte-text.ts'

/** Control characters, and what looks like none but steers a terminal. */
const steering = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** For a terminal: control characters and bytes that are no UTF-8 as `?`. */
export const onTerminal = (bytes: ByteText): string =>
  (utf8Of(bytes) ?? Buffer.from(bytes, 'latin1').toString('utf8')).replace(steering, '?').replaceAll('\ufffd', '?')

/** For a file or a pipe: the bytes as they are. */
export const pathChunk = (bytes: ByteText, isTerminal: boolean): string | Uint8Array =>
  isTerminal ? onTerminal(bytes) : rawText(bytes)
