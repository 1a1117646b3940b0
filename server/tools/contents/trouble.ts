import * as z from 'zod/mini'
import { type ErrorCode, errorTable, ToolError } from '../../core/errors.ts'
import { fileProblem } from '../../core/file-problem.ts'
import type { Linux } from '../../linux/linux.ts'
import { errnoOf } from '../../linux/linux.ts'
import { SpecialFileError } from '../../linux/root/folder.ts'
import type { FileRoot } from '../../linux/root/root.ts'
import { typeWord } from '../../linux/root/status.ts'
import { trouble } from '../../linux/root/trouble.ts'

/** What kept a file, or the rest of it, from being read. The others still are. */
export const troubleEvent = z.object({
  type: z.literal('trouble'),
  path: z.string(),
  code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]),
  errno: z.nullable(z.string()).check(z.describe('ENOENT; null where no call failed')),
  problem: z.string().check(z.describe("In the C library's words where a call failed: No such file or directory")),
  message: z.string(),
  remedy: z.nullable(z.string()),
})

export type TroubleEvent = z.output<typeof troubleEvent>

export interface Place {
  linux: Linux
  root: FileRoot
}

/** Throws again what is no trouble with a file. */
export async function troubleOf(place: Place, error: unknown, shown: string, path: Buffer): Promise<TroubleEvent> {
  const isOfFile = error instanceof ToolError || error instanceof SpecialFileError || errnoOf(error) !== undefined
  if (!isOfFile) throw error
  if (error instanceof SpecialFileError) return specialTrouble(place, error, shown)
  const explained = error instanceof ToolError ? error : await trouble(place, error, 'read', path)
  if (explained.code === 'cancelled' || explained.code === 'internal') throw error
  return {
    type: 'trouble',
    path: shown,
    code: explained.code,
    errno: errnoOf(error) ?? null,
    problem: error instanceof ToolError ? withoutPath(explained.message, shown) : inWordsOfC(error),
    message: explained.message,
    remedy: explained.remedy ?? null,
  }
}

/** Reading a pipe takes from it, and a device may do anything: only whoever opens it knows that. */
function specialTrouble({ root }: Place, { type }: SpecialFileError, path: string): TroubleEvent {
  const common = { type: 'trouble', path, code: 'invalid_input' } as const
  if (type === 'directory')
    return {
      ...common,
      errno: 'EISDIR',
      problem: 'Is a directory',
      message: `${path}: it is a directory`,
      remedy: null,
    }
  const problem = `Is a ${typeWord(type)}, and not read`
  const remedy =
    type === 'socket'
      ? null
      : root.pid === undefined
        ? `give it as standard input: cat < ${path}`
        : `ditty enter --target ${root.pid} has a shell for it: cat < ${path}`
  return { ...common, errno: null, problem, message: `${path}: a ${typeWord(type)}, which is not read`, remedy }
}

const withoutPath = (message: string, path: string) =>
  message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message

/** Where glibc has other words than libuv. */
const words: Record<string, string> = {
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  EIO: 'Input/output error',
  EAGAIN: 'Resource temporarily unavailable',
}

function inWordsOfC(error: unknown): string {
  const text = fileProblem(error).replace(/^\w+: /, '')
  return words[errnoOf(error) ?? ''] ?? text.charAt(0).toUpperCase() + text.slice(1)
}
