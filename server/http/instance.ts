import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { ToolError } from '../core/errors.ts'
import { errnoOf } from '../linux/linux.ts'

/** What tells this server from another one on the same laptop; part of its cookie's name. */
export const makeInstance = (): string => randomBytes(4).toString('hex')

/** 256 bits: hopeless to guess, 43 characters to paste. */
export const makeToken = (): string => randomBytes(32).toString('base64url')

/** Shorter ones could be guessed, since a wrong token costs the guesser little; longer ones are some other file. */
const tokenLength = { min: 16, max: 512 }

/** A token that someone chose, if it will do. `source` names where it came from; the token itself is never shown. */
export function checkToken(token: string, source: string): string {
  const { min, max } = tokenLength
  if (/^[\x21-\x7e]*$/.test(token) && token.length >= min && token.length <= max) return token
  throw new ToolError('invalid_input', `the token of ${source} must have ${min} to ${max} printable ASCII characters`, {
    remedy: 'make one with: head -c 32 /dev/urandom | base64',
  })
}

/** The token in a file, as a mounted Secret holds it; white space around it doesn't count. */
export function readTokenFile(path: string): string {
  const bytes = Buffer.alloc(tokenLength.max + 2)
  try {
    const descriptor = openSync(path, 'r')
    try {
      const length = readSync(descriptor, bytes)
      return checkToken(bytes.toString('utf8', 0, length).trim(), path)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw error instanceof ToolError ? error : unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): ToolError {
  const errno = errnoOf(error)
  if (errno === 'ENOENT') return new ToolError('not_found', `there is no token file ${path}`, { cause: error })
  const code = errno === 'EACCES' ? 'not_permitted' : 'invalid_input'
  return new ToolError(code, `the token file ${path} can't be read (${errno ?? 'unknown'})`, { cause: error })
}
