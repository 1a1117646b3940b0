import * as z from 'zod/mini'

/** One process's time: a script's step takes seconds; who needs longer says so, up to an hour. */
const defaultTimeoutSeconds = 60
const maxTimeoutSeconds = 3600

/** Body of `POST /api/v1/exec`. */
export const execRequest = z.strictObject({
  command: z
    .array(z.string())
    .check(z.minLength(1), z.describe('The program and its arguments; no shell is involved unless named')),
  stdin: z.optional(z.string()).check(z.describe('What it reads on standard input; without it that is empty')),
  stdinEncoding: z._default(z.enum(['utf8', 'base64']), 'utf8').check(z.describe('How stdin is written here')),
  cwd: z.optional(z.string().check(z.minLength(1))).check(z.describe('Directory to start in (default HOME)')),
  env: z._default(z.record(z.string(), z.string()), {}).check(z.describe('Set on top of the environment of a shell')),
  timeoutSeconds: z
    ._default(z.number().check(z.positive(), z.maximum(maxTimeoutSeconds)), defaultTimeoutSeconds)
    .check(z.describe('Time after which its process group is killed')),
})

export type ExecRequest = z.output<typeof execRequest>

const encoding = z.enum(['utf8', 'base64'])

const ending = {
  exitCode: z.nullable(z.int()).check(z.describe('null when a signal ended it')),
  signal: z.nullable(z.string()).check(z.describe('SIGKILL, …; null when it exited')),
  timedOut: z.boolean().check(z.describe('Whether timeoutSeconds ended it')),
  durationMs: z.number(),
}

/** Answer as one JSON document. */
export const execReport = z.object({
  ...ending,
  stdout: z.string(),
  stdoutEncoding: encoding.check(z.describe('base64 where the bytes are no UTF-8')),
  stderr: z.string(),
  stderrEncoding: encoding,
  truncated: z.boolean().check(z.describe('Whether stdout or stderr went on after the first MiB, which is kept')),
})

/** Lines of the NDJSON answer. */
export const execEvent = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['stdout', 'stderr']), data: z.string(), encoding }),
  z.object({ type: z.literal('summary'), ...ending }),
])
