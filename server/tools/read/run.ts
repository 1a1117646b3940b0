import { ToolError } from '../../core/errors.ts'
import { openTargetRoot } from '../contents/open-root.ts'
import { isStandardInput, standardInput } from '../contents/paths.ts'
import type { ToolContext } from '../context.ts'
import { follow } from './follow.ts'
import { type ReadEvents, Reading } from './reading.ts'
import type { ReadInput } from './schema.ts'

/** Reads one file after the other, then waits for more of them where that is asked for. */
export async function* runRead(input: ReadInput, context: ToolContext): ReadEvents {
  refuseContradictions(input)
  using root = await openTargetRoot(context, input.target)
  const reading = new Reading(input, context, root)
  for (const path of input.paths.length > 0 ? input.paths : [standardInput]) {
    yield* isStandardInput(path, input.target) ? reading.standardInput() : reading.file(path)
    if (context.stop.aborted) break
  }
  if (reading.followed.length > 0 && !context.stop.aborted) yield* follow(reading)
  yield reading.summary()
}

function refuseContradictions({ first, last, from, follow }: ReadInput): void {
  const given = Object.entries({ first, last, from }).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const refuse = (field: string, message: string) => {
    throw new ToolError('invalid_input', `${field}: ${message}`, { fields: [{ path: field, message }] })
  }
  if (given.length > 1) refuse(given[1]!, `there is ${given[0]} already; only one of first, last and from`)
  if (first !== undefined && follow !== 'no') refuse('follow', 'nothing follows after the beginning')
}
