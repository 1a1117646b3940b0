import type { IncomingMessage } from 'node:http'
import { ToolError } from '../../core/errors.ts'
import { pathOf } from '../path.ts'

/**
 * The `path` of a query, byte for byte: names need not be UTF-8, and `URLSearchParams` would make U+FFFD of what isn't. Throws
 * ToolError `invalid_input`.
 */
export function pathInQuery({ url = '' }: IncomingMessage): Buffer {
  const query = url.slice(url.indexOf('?') + 1)
  const given = query.split('&').find(field => field.startsWith('path='))
  return checkedPath(percentDecoded((given?.slice('path='.length) ?? '').replaceAll('+', '%20')))
}

/** What follows a prefix in the path that is asked for, byte for byte, from its slash on; `/` when nothing does. Throws ToolError `invalid_input`. */
export function pathBehind(prefix: string, request: IncomingMessage): Buffer {
  return checkedPath(percentDecoded(pathOf(request).slice(prefix.length) || '/'))
}

function checkedPath(path: Buffer): Buffer {
  const message = path.length === 0 ? 'is missing' : path.includes(0) ? 'holds a NUL' : undefined
  if (message === undefined) return path
  throw new ToolError('invalid_input', `path: ${message}`, { fields: [{ path: 'path', message }] })
}

function percentDecoded(text: string): Buffer {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at++) {
    const hex = /^%([\da-f]{2})/i.exec(text.slice(at, at + 3))?.[1]
    if (hex !== undefined) at += 2
    bytes.push(...(hex === undefined ? Buffer.from(text[at]!) : [Number.parseInt(hex, 16)]))
  }
  return Buffer.from(bytes)
}
