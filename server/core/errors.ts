/** What stops a tool from looking. What it found out there (a timeout, NXDOMAIN) is an event instead. */
export type ErrorCode =
  | 'invalid_input'
  | 'not_found'
  | 'not_permitted'
  | 'unsupported'
  | 'unavailable'
  | 'cancelled'
  | 'internal'

/** One wrong field of an input: where it stands and what would be right. */
export interface FieldError {
  path: string
  message: string
}

/**
 * How each code leaves the building. Exit statuses are those of ping(8): 2 is "could not look", 130 is 128 + SIGINT;
 * 499 is nginx's "client closed request", which RFC 9110 lacks.
 */
export const errorTable: Record<ErrorCode, { exitStatus: number; httpStatus: number; title: string }> = {
  invalid_input: { exitStatus: 2, httpStatus: 400, title: 'Invalid input' },
  not_found: { exitStatus: 2, httpStatus: 404, title: 'Not found' },
  not_permitted: { exitStatus: 2, httpStatus: 403, title: 'Not permitted' },
  unsupported: { exitStatus: 2, httpStatus: 501, title: 'Not supported here' },
  unavailable: { exitStatus: 2, httpStatus: 503, title: 'Unavailable' },
  cancelled: { exitStatus: 130, httpStatus: 499, title: 'Cancelled' },
  internal: { exitStatus: 2, httpStatus: 500, title: 'Internal error' },
}

export interface ToolErrorOptions {
  /** What is missing and how to grant it, as one sentence that a person can act on. */
  remedy?: string
  fields?: FieldError[]
  cause?: unknown
}

export class ToolError extends Error {
  override readonly name = 'ToolError'
  readonly code: ErrorCode
  readonly remedy: string | undefined
  readonly fields: FieldError[] | undefined

  constructor(code: ErrorCode, message: string, options: ToolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
    this.fields = options.fields
  }

  /** The last line of an NDJSON stream that failed; also the heart of a problem+json body. */
  toJSON() {
    return { type: 'error', code: this.code, message: this.message, remedy: this.remedy, fields: this.fields }
  }

  /** An AbortError is a cancellation, a ToolError is itself, anything else is a fault of ours. */
  static from(error: unknown): ToolError {
    if (error instanceof ToolError) return error
    if (error instanceof Error && error.name === 'AbortError')
      return new ToolError('cancelled', 'cancelled', { cause: error })
    const message = error instanceof Error ? error.message : String(error)
    return new ToolError('internal', message, { cause: error })
  }
}
