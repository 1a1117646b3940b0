import { ToolError } from '../core/errors.ts'
import { fileProblem } from '../core/file-problem.ts'
import { errnoOf } from './linux.ts'
import { PathError } from './root/walk.ts'

const writable = 'choose a directory that can be written (a mounted volume, /tmp, /dev/shm); in a terminal, cd there'

/** Why a file couldn't be read or written, by its path as the person knows it, and what to do about it. */
export function fileTrouble(error: unknown, doing: 'read' | 'write', path: string): ToolError {
  if (error instanceof ToolError) return error
  const cause = { cause: error }
  const uid = process.getuid?.()
  switch (errnoOf(error)) {
    case 'ENOENT':
      return new ToolError('not_found', `${path}: no such file or directory`, cause)
    case 'EACCES':
    case 'EPERM': {
      const remedy = doing === 'write' ? writable : `run ditty as the owner of it, or as UID 0`
      return new ToolError('not_permitted', `${path}: UID ${uid} may not ${doing} it`, { ...cause, remedy })
    }
    case 'EROFS':
      return new ToolError('not_permitted', `${path}: the file system is read-only`, { ...cause, remedy: writable })
    case 'ENOSPC':
      return new ToolError('unavailable', `${path}: no space left on the device`, { ...cause, remedy: writable })
    case 'EDQUOT':
      return new ToolError('unavailable', `${path}: the disk quota of UID ${uid} is used up`, {
        ...cause,
        remedy: writable,
      })
    case 'EFBIG':
      return new ToolError(
        'unavailable',
        `${path}: larger than this file system or the limit of ditty (ulimit -f) allows`,
        cause,
      )
    case 'EMFILE':
    case 'ENFILE':
      return new ToolError('unavailable', `${path}: no file descriptor is free`, cause)
    case 'EXDEV':
      return new ToolError('invalid_input', `${path}: a link in it leads out of where the shell stands`, cause)
    case 'ENOTDIR':
      return new ToolError('invalid_input', `${path}: a file stands where a directory should be`, cause)
    case 'EISDIR':
      return new ToolError('invalid_input', `${path}: it is a directory`, cause)
    case 'ELOOP':
      return new ToolError(
        'invalid_input',
        `${path}: links in a circle or too deep, or a link of /proc to what a process holds`,
        cause,
      )
    case 'ENAMETOOLONG':
      return new ToolError('invalid_input', `${path}: the name is too long for this file system`, cause)
    case 'EINVAL':
      return error instanceof PathError
        ? new ToolError('invalid_input', `${path}: ${error.message}`, cause)
        : new ToolError('invalid_input', `${path}: this file system takes no such name`, cause)
    default:
      return new ToolError('unavailable', `${path}: ${fileProblem(error)}`, cause)
  }
}
