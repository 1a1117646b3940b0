import type { Request, Response } from 'express'
import { ToolError } from '../../core/errors.ts'
import { fileProblem } from '../../core/file-problem.ts'
import { shownName } from '../../core/shown-name.ts'
import { errnoOf } from '../../linux/linux.ts'
import type { Folder } from '../../linux/root/folder.ts'
import { removeTree } from '../../linux/root/remove-tree.ts'
import { Problem } from '../problem.ts'
import { Precondition } from './precondition.ts'
import type { Visit } from './visit.ts'

/** DELETE: a file, a link itself, or an empty folder; with `recursive=true` a folder and all that is in it. */
export async function remove(visit: Visit, request: Request, response: Response): Promise<void> {
  const { folder, name } = await visit.root.parent(visit.path)
  using _ = folder
  await new Precondition(request).check(folder, name)
  const { type } = await folder.status(name)
  if (type !== 'directory') await folder.unlink(name)
  else if (visit.query.get('recursive') === 'true') await removeAll(visit, folder, name)
  else await removeEmpty(visit, folder, name)
  response.status(204).end()
}

async function removeEmpty({ path }: Visit, folder: Folder, name: Buffer): Promise<void> {
  try {
    await folder.removeFolder(name)
  } catch (error) {
    if (errnoOf(error) !== 'ENOTEMPTY') throw error
    throw new Problem('conflict', `${shownName(path)}: the folder is not empty`, {
      remedy: 'add recursive=true to the query to remove all that is in it',
      cause: error,
    })
  }
}

async function removeAll({ path, signal }: Visit, folder: Folder, name: Buffer): Promise<void> {
  const { removed, failed, failure } = await removeTree(folder, name, signal)
  if (!failure) return
  const [, ...below] = failure.names.map(shownName)
  const where = [shownName(path), ...below].join('/')
  const counts = `${removed} removed, ${failed} left`
  const errno = errnoOf(failure.error)
  const code = errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS' ? 'not_permitted' : 'unavailable'
  throw new ToolError(code, `${where}: ${fileProblem(failure.error)} (${counts})`, { cause: failure.error })
}
