import * as z from 'zod/mini'
import { shownName } from '../../core/shown-name.ts'
import { errnoOf } from '../../linux/linux.ts'

/** Standard input, where a command line names it or nothing. */
export const standardInput = '-'

/** A container's own names for it are those of its processes. */
export const isStandardInput = (path: string, target: string | undefined): boolean =>
  path === standardInput || (target === undefined && /^\/(dev\/stdin|dev\/fd\/0|proc\/self\/fd\/0)$/.test(path))

export const pathsField = z._default(z.array(z.string().check(z.minLength(1), z.regex(/^[^\0]*$/, 'holds a NUL'))), [])

/**
 * Does something with the bytes that a path of an input stands for: the UTF-8 of its text or, where nothing has that name, those
 * that shownName() writes so (`%FF`).
 */
export async function atPath<Value>(text: string, use: (path: Buffer) => Promise<Value>): Promise<Value> {
  try {
    return await use(Buffer.from(text))
  } catch (error) {
    const other = errnoOf(error) === 'ENOENT' ? bytesShownAs(text) : undefined
    if (!other) throw error
    return await use(other)
  }
}

function bytesShownAs(text: string): Buffer | undefined {
  if (!/%[89A-F][\dA-F]/.test(text)) return undefined
  const latin1 = Buffer.from(text)
    .toString('latin1')
    .replace(/%([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const bytes = Buffer.from(latin1, 'latin1')
  return shownName(bytes) === text ? bytes : undefined
}
