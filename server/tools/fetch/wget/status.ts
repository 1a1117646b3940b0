import { type ErrorCode, ToolError } from '../../../core/errors.ts'
import type { End } from '../../../core/tool.ts'
import type { FetchEvent } from '../schema.ts'

/** A command line that wget refuses with an exit status of its own. */
export class WgetError extends ToolError {
  readonly exitStatus: number

  constructor(exitStatus: number, message: string, code: ErrorCode = 'invalid_input') {
    super(code, message)
    this.exitStatus = exitStatus
  }
}

/** wget(1), Exit Status: 1 generic, 2 command line, 3 file, 4 network, 5 TLS verification, 8 an error from the server. */
export function exitStatus({ error, summary }: End<FetchEvent>): number | undefined {
  if (error) return errorStatus(error)
  if (!summary) return undefined
  const { failure, status } = summary
  if (failure?.reason === 'verify_failed') return 5
  if (failure?.phase === 'redirect') return 8
  if (failure) return 4
  return status !== null && status >= 300 ? 8 : 0
}

function errorStatus(error: ToolError): number | undefined {
  if (error instanceof WgetError) return error.exitStatus
  if (error.code === 'cancelled') return undefined
  const isFile = error.cause instanceof Error && 'syscall' in error.cause
  if (isFile) return 3
  return error.fields?.[0]?.path === 'url' ? 1 : 2
}
