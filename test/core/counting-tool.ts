import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import type { RunContext } from '../../server/core/context.ts'
import { Payload } from '../../server/core/payload.ts'
import { defineTool, type Registry } from '../../server/core/tool.ts'

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('number'), value: z.int() }),
  z.object({ type: z.literal('body'), data: z.string(), encoding: z.enum(['utf8', 'base64']) }),
  z.object({ type: z.literal('summary'), count: z.int() }),
])

/** The smallest tool that uses every part of the contract: it counts. */
export const counting = defineTool({
  name: 'counting',
  summary: 'Count up to a number',
  input: z.strictObject({
    upTo: z.int().check(z.minimum(0), z.maximum(1_000_000), z.describe('Last number')),
    words: z._default(z.array(z.string()), []).check(z.describe('Words to carry as a body')),
    stepMs: z._default(z.number().check(z.minimum(0)), 0).check(z.describe('Pause before each number')),
    failAt: z.optional(z.int()).check(z.describe('Number at which it fails')),
  }),
  view: z.strictObject({ quiet: z._default(z.boolean(), false).check(z.describe('Only the last line')) }),
  event,
  positional: ['upTo', 'words'],
  flags: [
    { field: 'quiet', short: 'q' },
    { field: 'stepMs', short: 's', metavar: 'MS' },
  ],
  stoppable: true,
  readOnly: () => true,
  applets: {
    tally: {
      usage: 'tally N',
      flags: [{ field: 'quiet', short: 'q' }],
      defaults: { stepMs: 1 },
      exitStatus: end => (end.error ? 9 : undefined),
    },
  },
  async *run(input, { signal, stop, clock }: RunContext): AsyncGenerator<z.output<typeof event> | Payload> {
    let count = 0
    for (const word of input.words) yield new Payload(Buffer.from(word))
    for (let value = 1; value <= input.upTo && !stop.aborted; value++) {
      if (input.stepMs) await clock.sleep(input.stepMs, AbortSignal.any([signal, stop]))
      signal.throwIfAborted()
      if (value === input.failAt) throw new TypeError('it broke')
      if (value % 1000 === 0) await delay(0)
      count++
      yield { type: 'number', value }
    }
    yield { type: 'summary', count }
  },
  outcome: ({ count }, { upTo }) => (count === upTo ? 'positive' : 'negative'),
  text:
    (_input, { quiet }, { colour }) =>
    event => {
      if (event.type === 'number') return quiet ? undefined : `${event.value}\n`
      if (event.type === 'summary') return `${colour ? '\x1b[1m' : ''}${event.count} in all\n`
      return 'bytes' in event ? event.bytes : undefined
    },
})

export const countingRegistry: Registry = [{ name: 'counting', applets: ['tally'], load: async () => counting }]
