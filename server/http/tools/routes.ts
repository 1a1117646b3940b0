import type { Request, RequestHandler, Response, Router } from 'express'
import { parseInput } from '../../core/input.ts'
import { report, runInPortions } from '../../core/run.ts'
import type { Fields, Tool } from '../../core/tool.ts'
import type { Api } from '../api.ts'
import { jsonBody } from '../json-body.ts'
import { wantsStream } from '../media-type.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { NdjsonStream } from '../ndjson.ts'
import { queryOf } from '../path.ts'
import { Problem } from '../problem.ts'
import { RunScope } from '../run-scope.ts'
import { findTool } from './find-tool.ts'
import { listTools } from './list.ts'
import { inputOfQuery } from './query.ts'

/** The registry over HTTP. */
export function addToolRoutes(router: Router, api: Api): void {
  const listing = methodNotAllowed('GET')
  router
    .route('/api/v1/tools')
    .head(listing)
    .get(async (_request, response) => response.json({ tools: await listTools(api) }))
    .all(listing)
  const running = methodNotAllowed('GET', 'POST')
  router
    .route('/api/v1/tools/:name')
    .head(running)
    .get((request, response) => runByQuery(api, request, response))
    .post(jsonBody(api.options.limits.bodyBytes), (request, response) => runByBody(api, request, response))
    .all(running as RequestHandler<{ name: string }>)
}

type ToolRequest = Request<{ name: string }>

async function runByBody(api: Api, request: ToolRequest, response: Response): Promise<void> {
  const tool = await findTool(api.options.registry, request.params.name)
  const input = await parseInput(tool.input, request.body)
  await answer(api, tool, input, request, response)
}

/** GET is what links, prefetching and retries do by themselves: it must change nothing. */
async function runByQuery(api: Api, request: ToolRequest, response: Response): Promise<void> {
  const tool = await findTool(api.options.registry, request.params.name)
  const input = await parseInput(tool.input, inputOfQuery(tool.input, queryOf(request)))
  if (!tool.readOnly?.(input))
    throw new Problem('method_not_allowed', `this run of ${tool.name} may change something, so GET doesn't start it`, {
      headers: { Allow: 'POST' },
      remedy: 'use POST with a JSON body',
    })
  await answer(api, tool, input, request, response)
}

async function answer(api: Api, tool: Tool, input: Fields, request: Request, response: Response): Promise<void> {
  const streamed = wantsStream(request)
  await api.slots.use(async () => {
    using scope = new RunScope(response, api, tool.stoppable ?? false)
    const context = { ...api.options.context, signal: scope.signal, stop: scope.stop }
    if (streamed) return await stream(runInPortions(tool, input, context), scope, response)
    try {
      response.json(await report(tool, input, context))
    } catch (error) {
      throw scope.explain(error)
    }
  })
}

async function stream(portions: AsyncIterable<readonly unknown[]>, scope: RunScope, response: Response): Promise<void> {
  const lines = new NdjsonStream(response, scope.signal)
  try {
    for await (const events of portions) await lines.write(...events)
    lines.end()
  } catch (error) {
    lines.fail(scope.explain(error))
  }
}
