import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import express, { type NextFunction, type Request, type Response } from 'express'
import type { Api } from './api.ts'
import { Authentication } from './authentication.ts'
import { addExecRoutes } from './exec/routes.ts'
import { addOpenapiRoute } from './openapi/route.ts'
import type { Settings } from './options.ts'
import { addPageRoutes } from './page.ts'
import { pathOf } from './path.ts'
import { Problem, refuseUpgrade, sendProblem } from './problem.ts'
import type { RouteGroup } from './route-group.ts'
import { addSessionRoutes } from './session.ts'
import { Slots } from './slots.ts'
import { addToolRoutes } from './tools/routes.ts'

/** Everything behind the checks of front.ts. */
export interface App {
  answer(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Resolves when no run is left and every group has closed. */
  close(): Promise<void>
}

export async function createApp(options: Settings, closing: AbortSignal): Promise<App> {
  const groups = await Promise.all((options.groups ?? []).map(load => load()))
  const authentication = new Authentication(options.token, options.instance)
  const api: Api = { options, authentication, slots: new Slots(options.limits.runs), closing }
  const app = express()
  app.disable('x-powered-by').disable('etag').disable('query parser')
  app.use(routesOf(api, groups))
  app.use((request, _response, next) => next(new Problem('not_found', `there is nothing at ${request.path}`)))
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    sendProblem(response, Problem.from(error)),
  )
  return {
    answer: app,
    upgrade: (request, socket, head) => upgrade(authentication, groups, request, socket, head),
    close: async () => {
      await Promise.all([api.slots.drained(), ...groups.map(group => group.close?.())])
    },
  }
}

/** What stands above the token check is open to all. */
function routesOf(api: Api, groups: readonly RouteGroup[]): express.Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  addOpenapiRoute(router, api, groups)
  addPageRoutes(router, api.options.pageDirectory)
  router.use((request, _response, next) => {
    authorize(api.authentication, groups, request)
    next()
  })
  addSessionRoutes(router, api)
  addToolRoutes(router, api)
  addExecRoutes(router, api)
  for (const group of groups) group.add(router)
  return router
}

function authorize(authentication: Authentication, groups: readonly RouteGroup[], request: IncomingMessage): void {
  const path = pathOf(request)
  if (!groups.some(group => group.admits?.(path, request))) authentication.check(request)
}

function upgrade(
  authentication: Authentication,
  groups: readonly RouteGroup[],
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  authorize(authentication, groups, request)
  const path = pathOf(request)
  const taken = groups.some(group => group.upgrade?.(path, request, socket, head))
  if (!taken) refuseUpgrade(socket, new Problem('not_found', `no WebSocket is served at ${path}`))
}
