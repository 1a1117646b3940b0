import { type ErrorCode, ToolError } from '../../../core/errors.ts'
import type { End } from '../../../core/tool.ts'
import type { FetchEvent, Summary } from '../schema.ts'

/** A command line that curl refuses with an exit status of its own. */
export class CurlError extends ToolError {
  readonly exitStatus: number
  /** The message without the status. */
  readonly words: string

  constructor(exitStatus: number, message: string, code: ErrorCode = 'invalid_input') {
    super(code, `(${exitStatus}) ${message}`)
    this.exitStatus = exitStatus
    this.words = message
  }
}

/** curl's exit statuses (libcurl-errors(3)) by what failed; a time-out is 28 wherever it happened. */
const byReason: Record<string, number> = {
  timeout: 28,
  verify_failed: 60,
  empty: 52,
  truncated: 18,
  not_http: 1,
  unsupported_scheme: 1,
  too_many_redirects: 47,
  bad_redirect: 3,
  headers_too_large: 56,
}

const byPhase: Record<string, number> = { namelookup: 6, connect: 7, tls: 35, send: 55, receive: 56, redirect: 3 }

export function failureStatus({ failure, status }: Summary): number {
  if (!failure) return 0
  if (failure.reason === 'malformed') return status === null ? 8 : 56
  return byReason[failure.reason] ?? byPhase[failure.phase]!
}

/** 22 is an HTTP status of 400 or more under -f: the one bad outcome that is no failure. */
export function exitStatus({ error, summary, outcome }: End<FetchEvent>): number | undefined {
  if (error) return errorStatus(error)
  if (!summary) return undefined
  return failureStatus(summary) || (outcome === 'negative' ? 22 : 0)
}

function errorStatus(error: ToolError): number | undefined {
  if (error instanceof CurlError) return error.exitStatus
  if (error.code === 'cancelled') return undefined
  const path = error.fields?.[0]?.path ?? ''
  if (path === 'url') return 3
  if (path === 'caCertificates') return 77
  if (path.startsWith('resolve')) return 49
  const isFile = error.cause instanceof Error && 'syscall' in error.cause
  return isFile ? 23 : 2
}
