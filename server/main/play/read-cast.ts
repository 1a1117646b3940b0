import { createReadStream } from 'node:fs'
import { ToolError } from '../../core/errors.ts'
import { fileProblem } from '../../core/file-problem.ts'
import { type Cast, CastError, type CastFault, CastReader } from '../../protocol/asciicast-reader.ts'

const faults: Record<CastFault, string> = {
  header: 'this is no asciicast recording',
  version: 'only asciicast versions 2 and 3 can be played',
  size: 'the size of the terminal is missing or impossible',
  event: 'this is no event of a recording',
  time: 'the time of this event is impossible',
  resize: 'the new size is impossible',
  longLine: 'the line is too long for a recording',
  tooLarge: 'the recording is too large to be played',
  empty: 'the file is empty',
}

/** Throws ToolError, with the line where the file is broken. */
export async function readCast(file: string): Promise<Cast> {
  const reader = new CastReader()
  try {
    for await (const text of createReadStream(file, 'utf8')) reader.push(text as string)
    return reader.end()
  } catch (error) {
    if (error instanceof CastError)
      throw new ToolError('invalid_input', `${file}, line ${error.line}: ${faults[error.fault]}`, { cause: error })
    throw new ToolError('not_found', `${file}: ${fileProblem(error)}`, { cause: error })
  }
}
