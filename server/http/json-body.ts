import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { Problem } from './problem.ts'

/** Reads a JSON body of up to `limit` bytes into `request.body`; without a body that is `{}`. Needs `application/json`. */
export function jsonBody(limit: number): RequestHandler {
  const read = express.json({ limit, strict: false, inflate: false })
  return (request, response, next) => {
    if (request.is('application/json') === false)
      throw new Problem(
        'unsupported_media_type',
        `a body must be application/json, not ${request.get('Content-Type')}`,
        {
          remedy: "send Content-Type: application/json (curl: -H 'Content-Type: application/json')",
        },
      )
    read(request, response, error => finish(error, request, response, next, limit))
  }
}

function finish(error: unknown, request: Request, response: Response, next: NextFunction, limit: number): void {
  if (error) next(bodyProblem(error as BodyError, response, limit))
  else {
    request.body ??= {}
    next()
  }
}

/** What body-parser throws; its types are listed in its README. */
interface BodyError extends Error {
  type?: string
}

function bodyProblem(error: BodyError, response: Response, limit: number): unknown {
  switch (error.type) {
    case 'entity.too.large':
      response.setHeader('Connection', 'close')
      return new Problem('body_too_large', `a body may have ${limit} bytes`, { cause: error })
    case 'entity.parse.failed': {
      const fields = [{ path: '', message: error.message }]
      return new Problem('invalid_input', `the body is not JSON: ${error.message}`, { fields, cause: error })
    }
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem('unsupported_media_type', error.message, { remedy: 'send plain UTF-8', cause: error })
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem('invalid_input', error.message, { cause: error })
    default:
      return error
  }
}
