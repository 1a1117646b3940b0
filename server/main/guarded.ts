import { errorTable, ToolError } from '../core/errors.ts'

/** Runs a command; a failure is said in the words of the tools' own errors and becomes their exit status. */
export async function guarded(name: string, command: () => Promise<number>): Promise<number> {
  try {
    return await command()
  } catch (error) {
    const { code, message, remedy } = ToolError.from(error)
    process.stderr.write(`${name}: ${message}${remedy ? `\n${name}: ${remedy}` : ''}\n`)
    return errorTable[code].exitStatus
  }
}
