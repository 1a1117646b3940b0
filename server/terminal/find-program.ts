import { accessSync, constants, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ToolError } from '../core/errors.ts'
import { errnoOf } from '../linux/linux.ts'

/** Whether execve(2) would take this file. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The path that execvp(3) would run. Throws ToolError `not_found` where it would fail, since a terminal shows that too late. */
export function findProgram(program: string, searchPath: string, directory: string): string {
  const candidates = program.includes('/')
    ? [resolve(directory, program)]
    : searchPath.split(':').map(folder => resolve(directory, folder || '.', program))
  const found = program === '' ? undefined : candidates.find(isExecutable)
  if (found !== undefined) return found
  const where = program.includes('/') ? 'that can be executed' : `on PATH (${searchPath})`
  throw new ToolError('not_found', `there is no program '${program}' ${where}`, {
    fields: [{ path: 'command.0', message: 'no such program' }],
  })
}

/** Throws ToolError when a process can't start in `directory`. */
export function checkDirectory(directory: string): void {
  const refuse = (code: 'not_found' | 'not_permitted', message: string) =>
    new ToolError(code, `${directory}: ${message}`, { fields: [{ path: 'cwd', message }] })
  try {
    if (!statSync(directory).isDirectory()) throw refuse('not_found', 'not a directory')
    accessSync(directory, constants.X_OK)
  } catch (error) {
    if (error instanceof ToolError) throw error
    throw errnoOf(error) === 'EACCES'
      ? refuse('not_permitted', 'permission denied')
      : refuse('not_found', 'no such directory')
  }
}
