import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import { Problem, sendProblem } from './problem.ts'

/** Reads a JSON body of up to `limit` bytes into `request.body`; without a body that is `{}`. A body needs `application/json`. */
export function jsonBody(limit: number): RequestHandler {
  const read = express.json({ limit, strict: false, inflate: false })
  return (request, response, next) => {
    if (!isEmpty(request) && request.is('application/json') === false)
      throw new Problem(
        'unsupported_media_type',
        `a body must be application/json, not ${request.get('Content-Type')}`,
        {
          remedy: "send Content-Type: application/json (curl: -H 'Content-Type: application/json')",
        },
      )
    if (Number(request.headers['content-length']) > limit) throw tooLarge(limit)
    refuseEarly(request, response, limit)
    read(request, response, error => finish(error, request, response, next, limit))
  }
}

/** What `fetch` and curl send by POST without a body: a length of 0 and no type, where there is nothing to have one. */
const isEmpty = ({ headers }: Request) => headers['content-length'] === '0' && headers['content-type'] === undefined

/**
 * body-parser refuses a body that is too large only once all of it came, which may be never. The rest is still read, by the
 * parser and until the request's time is up: a socket closed at once would take the answer with it.
 */
function refuseEarly(request: Request, response: Response, limit: number): void {
  let received = 0
  const count = (bytes: Buffer) => {
    received += bytes.length
    if (received <= limit) return
    request.off('data', count)
    sendProblem(response, tooLarge(limit))
  }
  request.on('data', count)
}

const tooLarge = (limit: number) => new Problem('body_too_large', `a body may have ${limit} bytes`)

function finish(error: unknown, request: Request, response: Response, next: NextFunction, limit: number): void {
  if (response.headersSent) return
  if (error) next(bodyProblem(error as BodyError, limit))
  else {
    // `null` is a body like any other, which no schema takes.
    if (request.body === undefined) request.body = {}
    next()
  }
}

/** What body-parser throws; its types are listed in its README. */
interface BodyError extends Error {
  type?: string
}

function bodyProblem(error: BodyError, limit: number): unknown {
  switch (error.type) {
    case 'entity.too.large':
      return tooLarge(limit)
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
