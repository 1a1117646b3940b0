import { createContext, Script } from 'node:vm'
import { ToolError } from '../../core/errors.ts'
import type { Matcher } from './matcher.ts'

/** What an honest pattern finds in a block is found in a hundredth of this, in milliseconds. */
const matchingMs = 500
const linearMs = 5000

const place = createContext({ job: () => undefined }) as { job: () => unknown }
const script = new Script('job()')

/**
 * Does something with a matcher that may try for ever, as (a+)+$ does: after a while it is done again by an engine that takes no
 * more time than the text is long. Throws ToolError `invalid_input` where the pattern is not for that engine, or too much for it.
 */
export function watched<Value>(matcher: Matcher, job: () => Value): Value {
  if (!matcher.mayBacktrack) return job()
  try {
    return inTime(job, matcher.isLinear ? linearMs : matchingMs)
  } catch (error) {
    if (!isTimeout(error)) throw error
    matcher.goLinear()
  }
  try {
    return inTime(job, linearMs)
  } catch (error) {
    if (!isTimeout(error)) throw error
    const message = 'takes too long to match'
    throw new ToolError('invalid_input', `patterns: ${message}`, {
      fields: [{ path: 'patterns', message }],
      cause: error,
    })
  }
}

function inTime<Value>(job: () => Value, timeout: number): Value {
  place.job = job
  try {
    return script.runInContext(place, { timeout }) as Value
  } finally {
    place.job = () => undefined
  }
}

/** It is an error of the other context's. */
const isTimeout = (error: unknown) => (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
