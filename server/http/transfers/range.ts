import type { IncomingMessage } from 'node:http'
import { Problem } from '../problem.ts'

/** Bytes of a file; `to` is the one after the last. */
export interface ByteRange {
  from: number
  to: number
}

export interface Version {
  sizeBytes: number
  etag: string
  /** `Last-Modified`, as sent. */
  lastModified: string
}

/**
 * The part that a request wants; undefined for the whole. Several ranges, other units and an `If-Range` of another version get
 * the whole, as RFC 9110 §14.2 allows. Throws Problem `range_not_satisfiable`.
 */
export function rangeOf(
  { headers }: IncomingMessage,
  { sizeBytes, etag, lastModified }: Version,
): ByteRange | undefined {
  const condition = headers['if-range']
  if (condition !== undefined && condition !== etag && condition !== lastModified) return undefined
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(headers.range ?? '') ?? []
  if (first === '' && last === '') return undefined
  const range = first === '' ? suffix(Number(last), sizeBytes) : slice(Number(first), last, sizeBytes)
  if (range.from < range.to) return range
  throw new Problem('range_not_satisfiable', `the file has ${sizeBytes} bytes`, {
    headers: { 'Content-Range': `bytes */${sizeBytes}` },
  })
}

const suffix = (length: number, sizeBytes: number): ByteRange => ({
  from: Math.max(0, sizeBytes - length),
  to: sizeBytes,
})

const slice = (from: number, last: string, sizeBytes: number): ByteRange => ({
  from,
  to: last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1),
})
