import type { RequestHandler } from 'express'
import { Problem } from './problem.ts'

/** The end of a route: what came here has none of `methods`. */
export function methodNotAllowed(...methods: string[]): RequestHandler {
  return request => {
    throw new Problem('method_not_allowed', `${request.path} doesn't take ${request.method}`, {
      headers: { Allow: methods.join(', ') },
      remedy: `use ${methods.join(' or ')}`,
    })
  }
}
