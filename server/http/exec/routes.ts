import type { Request, Response, Router } from 'express'
import { ToolError } from '../../core/errors.ts'
import { parseInput } from '../../core/input.ts'
import { Payload } from '../../core/payload.ts'
import { WholeCharacters } from '../../core/whole-characters.ts'
import type { Api } from '../api.ts'
import { jsonBody } from '../json-body.ts'
import { wantsStream } from '../media-type.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { NdjsonStream } from '../ndjson.ts'
import { RunScope } from '../run-scope.ts'
import { Capture } from './capture.ts'
import { startProcess } from './process.ts'
import { execRequest } from './request.ts'
import { type End, type Output, runProcess } from './run-process.ts'

type Running = AsyncGenerator<Output, End, undefined>

/** `POST /api/v1/exec`: one command, its output and its exit status. */
export function addExecRoutes(router: Router, api: Api): void {
  router
    .route('/api/v1/exec')
    .post(jsonBody(api.options.limits.bodyBytes), (request, response) => exec(api, request, response))
    .all(methodNotAllowed('POST'))
}

async function exec(api: Api, request: Request, response: Response): Promise<void> {
  const input = await parseInput(execRequest, request.body)
  const streamed = wantsStream(request)
  await api.slots.use(async () => {
    using scope = new RunScope(response, api, false)
    const started = await startProcess(input, api.options.environment)
    const running = runProcess(started, input.timeoutSeconds * 1000, scope.signal)
    if (streamed) return await stream(running, scope, response)
    const report = await collect(running)
    if (scope.signal.aborted) throw scope.explain(new ToolError('cancelled', 'cancelled'))
    response.json(report)
  })
}

async function collect(running: Running) {
  const kept = { stdout: new Capture(), stderr: new Capture() }
  const end = await drain(running, ({ stream, bytes }) => kept[stream].add(bytes))
  const [stdout, stderr] = [kept.stdout.toJSON(), kept.stderr.toJSON()]
  return {
    ...end,
    stdout: stdout.data,
    stdoutEncoding: stdout.encoding,
    stderr: stderr.data,
    stderrEncoding: stderr.encoding,
    truncated: kept.stdout.truncated || kept.stderr.truncated,
  }
}

async function stream(running: Running, scope: RunScope, response: Response): Promise<void> {
  const lines = new NdjsonStream(response, scope.signal)
  const cutters = { stdout: new WholeCharacters(), stderr: new WholeCharacters() }
  const line = async (type: Output['stream'], bytes: Uint8Array) => {
    if (bytes.length > 0) await lines.write({ ...new Payload(bytes).toJSON(), type })
  }
  try {
    const end = await drain(running, ({ stream, bytes }) => line(stream, cutters[stream].push(bytes)))
    for (const name of ['stdout', 'stderr'] as const) await line(name, cutters[name].rest())
    if (scope.signal.aborted) throw new ToolError('cancelled', 'cancelled')
    await lines.write({ type: 'summary', ...end })
    lines.end()
  } catch (error) {
    lines.fail(scope.explain(error))
  }
}

/** Hands on each output in turn and gives how it ended. */
async function drain(running: Running, take: (output: Output) => Promise<void> | void): Promise<End> {
  for (;;) {
    const { done, value } = await running.next()
    if (done) return value
    await take(value)
  }
}
