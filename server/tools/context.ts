import type { RunContext } from '../core/context.ts'
import type { Linux } from '../linux/linux.ts'

/** What ditty's own tools are given beside the signal and the clock. */
export interface ToolContext extends RunContext {
  linux: Linux
  /** What comes on standard input. Only a command line has it. */
  stdin?: () => AsyncIterable<Uint8Array>
}
