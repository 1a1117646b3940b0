import { ToolError } from '../core/errors.ts'

/** NAME_MAX and PATH_MAX of Linux, in bytes. */
const maxNameBytes = 255
const maxPathBytes = 4095

/** The names in the path of an upload, which leads down from where the shell stands. Throws ToolError `invalid_input`. */
export function uploadNames(path: string): Buffer[] {
  const problem = pathProblem(path)
  if (problem)
    throw new ToolError('invalid_input', `path: ${problem}`, { fields: [{ path: 'path', message: problem }] })
  return path.split('/').map(name => Buffer.from(name))
}

function pathProblem(path: string): string | undefined {
  if (path.startsWith('/')) return 'must be relative to where the shell stands'
  if (path.includes('\0')) return 'holds a NUL'
  if (!path.isWellFormed()) return 'holds half a character'
  if (Buffer.byteLength(path) > maxPathBytes) return `is longer than ${maxPathBytes} bytes`
  const names = path.split('/')
  if (names.some(name => name === '' || name === '.' || name === '..')) return "may not hold '.', '..' or an empty name"
  if (names.some(name => Buffer.byteLength(name) > maxNameBytes))
    return `holds a name longer than ${maxNameBytes} bytes`
  return undefined
}
