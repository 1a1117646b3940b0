import type { Request } from 'express'
import { Problem } from './problem.ts'

const types = ['application/json', 'application/x-ndjson']

/** Whether the client wants events as they happen rather than one document at the end. */
export function wantsStream(request: Request): boolean {
  const accepted = request.accepts(types)
  if (accepted) return accepted === 'application/x-ndjson'
  throw new Problem('not_acceptable', `can't answer as ${request.get('Accept')}`, {
    remedy: `accept ${types.join(' or ')}`,
  })
}
