import type { Request } from 'express'
import { ToolError } from '../../core/errors.ts'
import { Problem } from '../problem.ts'

/** Which part of a file a body is. */
export interface Part {
  /** undefined: no bytes come, only the question how far it is. */
  from: number | undefined
  /** The one after the last. */
  to: number
  totalBytes: number
}

const form = 'is bytes FIRST-LAST/TOTAL, or bytes */TOTAL to ask how far it is'

/** `Content-Range` of a PUT, RFC 9110 §14.5; undefined for a whole file. Throws ToolError or Problem. */
export function partOf(request: Request): Part | undefined {
  const header = request.get('Content-Range')
  if (header === undefined) return undefined
  const [, first, last, total] = /^bytes (?:(\d{1,16})-(\d{1,16})|\*)\/(\d{1,16})$/.exec(header) ?? []
  const totalBytes = Number(total)
  const part = first === undefined ? { from: undefined, to: 0 } : { from: Number(first), to: Number(last) + 1 }
  if (total === undefined || part.to > totalBytes || part.to <= (part.from ?? -1))
    throw new ToolError('invalid_input', `Content-Range: ${form}`, {
      fields: [{ path: 'Content-Range', message: form }],
    })
  const length = request.get('Content-Length')
  if (length !== undefined && Number(length) !== part.to - (part.from ?? 0))
    throw new Problem(
      'invalid_input',
      `Content-Range tells of ${part.to - (part.from ?? 0)} bytes, Content-Length of ${length}`,
    )
  return { ...part, totalBytes }
}
