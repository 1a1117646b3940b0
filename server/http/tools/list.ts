import { type RunContext, systemClock } from '../../core/context.ts'
import { ToolError } from '../../core/errors.ts'
import type { Availability, Tool } from '../../core/tool.ts'
import type { Api } from '../api.ts'
import { schemasOf } from './schemas.ts'

/** A look at a setting or a socket takes milliseconds; a list must not wait for one that hangs. */
const availabilityTimeoutMs = 2000

/** Each tool as `GET /api/v1/tools` tells of it. */
export async function listTools({ options, closing }: Api) {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(availabilityTimeoutMs)])
  const context = { ...options.context, signal, stop: signal }
  return Promise.all(options.registry.map(async entry => describeTool(await entry.load(), context)))
}

async function describeTool(tool: Tool, context: RunContext) {
  const { name, summary, description, applets } = tool
  const { input, event } = schemasOf(tool)
  return {
    name,
    summary,
    description: description?.trim(),
    applets: Object.keys(applets),
    /** Whether GET reaches it, at least for some inputs. */
    readOnly: tool.readOnly !== undefined,
    availability: await availabilityOf(tool, context),
    input,
    event,
  }
}

async function availabilityOf(tool: Tool, context: RunContext): Promise<Availability> {
  if (!tool.available) return { available: true }
  const timeout = systemClock.sleep(availabilityTimeoutMs, context.signal).then(() => tooSlow)
  try {
    return await Promise.race([tool.available(context), timeout])
  } catch (error) {
    const { message, remedy = 'run it to see more' } = ToolError.from(error)
    return { available: false, reason: message, remedy }
  }
}

const tooSlow: Availability = {
  available: false,
  reason: `not known: looking took more than ${availabilityTimeoutMs / 1000} s`,
  remedy: 'run it to see',
}
