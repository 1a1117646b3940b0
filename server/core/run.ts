import type * as z from 'zod/mini'
import type { RunContext } from './context.ts'
import { ToolError } from './errors.ts'
import { Payload } from './payload.ts'
import type { EventSchema, ObjectSchema, Outcome, Tool, ToolEvent } from './tool.ts'
import { wholeCharacters } from './whole-characters.ts'

type AnyTool<Context extends RunContext> = Tool<ObjectSchema, EventSchema, ObjectSchema, Context>

/**
 * Runs a tool over an input that was checked, and holds it to its contract: every failure is a ToolError, a cancelled run
 * ends as `cancelled`, the last event is the summary.
 */
export async function* run<Context extends RunContext>(
  tool: AnyTool<Context>,
  input: z.output<ObjectSchema>,
  context: Context,
): AsyncGenerator<ToolEvent, void, undefined> {
  for await (const portion of runInPortions(tool, input, context)) for (const event of portion) yield event
}

/** The same in the portions in which the tool tells them, for faces that take many at once. */
export async function* runInPortions<Context extends RunContext>(
  tool: AnyTool<Context>,
  input: z.output<ObjectSchema>,
  context: Context,
): AsyncGenerator<readonly ToolEvent[], void, undefined> {
  let last: ToolEvent | undefined
  try {
    for await (const portion of tool.run(input, context)) {
      const events = Array.isArray(portion) ? (portion as readonly ToolEvent[]) : [portion as ToolEvent]
      last = events.at(-1) ?? last
      yield events
    }
  } catch (error) {
    if (context.signal.aborted) throw new ToolError('cancelled', 'cancelled', { cause: error })
    throw ToolError.from(error)
  }
  if (context.signal.aborted) throw new ToolError('cancelled', 'cancelled')
  if (last?.type !== 'summary') throw new ToolError('internal', `${tool.name} ended without a summary`)
}

/** The answer of `POST /api/v1/tools/{name}` as one JSON document. */
export interface Report {
  tool: string
  input: z.output<ObjectSchema>
  /** RFC 3339, UTC. */
  startTime: string
  durationMs: number
  outcome: Outcome
  events: ToolEvent[]
  summary: ToolEvent
  /** Present when a bound below cut the events; NDJSON has no such bound. */
  truncated?: true
}

/** 100,000 events are some 30 MB of JSON, and about three times that while they are written: one such report fits 128 MiB, several don't. NDJSON keeps none. */
export const maxReportEvents = 100_000
/** Bytes of body in one report; base64 makes 1.4 MB of it. */
export const maxReportBodyBytes = 1 << 20

/** Runs to the end and keeps what a report may hold; what goes over is counted by the tool's summary, never kept. */
export async function report<Context extends RunContext>(
  tool: AnyTool<Context>,
  input: z.output<ObjectSchema>,
  context: Context,
): Promise<Report> {
  const startTime = new Date(context.clock.now()).toISOString()
  const started = context.clock.monotonic()
  const kept = new KeptEvents()
  for await (const event of run(tool, input, context)) kept.add(event)
  const summary = kept.last as ToolEvent
  const durationMs = Math.round((context.clock.monotonic() - started) * 1000) / 1000
  const outcome = tool.outcome(summary as never, input)
  const cut = kept.truncated ? { truncated: true as const } : {}
  return { tool: tool.name, input, startTime, durationMs, outcome, events: kept.events, summary, ...cut }
}

class KeptEvents {
  readonly events: ToolEvent[] = []
  last: ToolEvent | undefined
  truncated = false
  #bodyBytes = 0
  /** What comes after a cut would leave a gap that nobody sees. */
  #bodyIsCut = false

  add(event: ToolEvent): void {
    this.last = event
    if (event.type === 'summary') return
    const fitting = event instanceof Payload ? this.#fit(event) : event
    if (fitting && this.events.length < maxReportEvents) this.events.push(fitting)
    else this.truncated = true
  }

  #fit(body: Payload): Payload | undefined {
    if (this.#bodyIsCut) return undefined
    const room = maxReportBodyBytes - this.#bodyBytes
    this.#bodyBytes += body.bytes.length
    if (body.bytes.length <= room) return new Payload(Uint8Array.from(body.bytes))
    this.#bodyIsCut = this.truncated = true
    const bytes = wholeCharacters(body.bytes.subarray(0, room))
    return bytes.length > 0 ? new Payload(Uint8Array.from(bytes)) : undefined
  }
}
