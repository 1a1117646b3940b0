import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Request, Response, Router } from 'express'
import type { WebSocket } from 'ws'
import { ToolError } from '../core/errors.ts'
import { parseInput } from '../core/input.ts'
import { clientName, closeCode } from '../protocol/terminal-frames.ts'
import type { Access } from '../terminal/links.ts'
import { linkRequest, sessionChange, sessionRequest } from '../terminal/session-info.ts'
import { Sessions, type SessionsOptions } from '../terminal/sessions.ts'
import type { UploadLimits } from '../transfer/uploads.ts'
import { jsonBody } from './json-body.ts'
import { methodNotAllowed } from './method-not-allowed.ts'
import { recordingPaths } from './openapi/recording-paths.ts'
import { terminalPaths } from './openapi/terminal-paths.ts'
import { transferPaths } from './openapi/transfer-paths.ts'
import { queryOf } from './path.ts'
import type { RouteGroup } from './route-group.ts'
import { accessByLink } from './terminal-links.ts'
import { sendRecording, startRecording, stopRecording } from './terminal-recording.ts'
import { TransferDesk } from './transfers/desk.ts'
import { addTransferRoutes } from './transfers/routes.ts'

const root = '/api/v1/terminals'
const streamPath = /^\/api\/v1\/terminals\/([^/]+)\/stream$/
/** A command line and an environment as long as the kernel takes, and JSON around it. */
const bodyBytes = 1 << 20

export interface TerminalsOptions extends SessionsOptions {
  uploadLimits?: Partial<UploadLimits>
}

/** Terminals over HTTP: made, listed and ended by requests, seen through a WebSocket. */
export function terminals(options: TerminalsOptions): RouteGroup {
  const sessions = new Sessions(options)
  const desk = new TransferDesk(sessions, options.linux, options.uploadLimits)
  return {
    add: router => {
      addRoutes(router, sessions)
      addRecordingRoute(router, sessions)
      addTransferRoutes(router, root, desk)
    },
    admits: (path, request) => accessByLink(sessions, path, request) !== undefined,
    upgrade: (path, request, socket, head) => upgrade(sessions, path, request, socket, head),
    paths: () => ({ ...terminalPaths(), ...recordingPaths(), ...transferPaths() }),
    close: async () => {
      await Promise.all([sessions.close(), desk.close()])
    },
  }
}

function addRoutes(router: Router, sessions: Sessions): void {
  router
    .route(root)
    .get((_request, response) => void response.json({ terminals: sessions.list() }))
    .post(jsonBody(bodyBytes), (request, response) => create(sessions, request, response))
    .all(methodNotAllowed('GET', 'POST'))
  router
    .route(`${root}/:id`)
    .get(({ params }, response) => void response.json(sessions.get(params.id) ?? absent(params.id)))
    .patch(jsonBody(bodyBytes), async ({ params, body }, response) => {
      const { name } = await parseInput(sessionChange, body)
      response.json(sessions.rename(params.id, name) ?? absent(params.id))
    })
    .delete(({ params }, response) => {
      if (!sessions.end(params.id)) absent(params.id)
      response.status(204).end()
    })
    .all(methodNotAllowed('GET', 'PATCH', 'DELETE'))
  router
    .route(`${root}/:id/links`)
    .post(jsonBody(bodyBytes), async ({ params, body }, response) => {
      const { readOnly } = await parseInput(linkRequest, body)
      const token = sessions.makeLink(params.id, readOnly) ?? absent(params.id)
      response.status(201).json({ token, readOnly })
    })
    .delete(({ params }, response) => {
      if (!sessions.revokeLinks(params.id)) absent(params.id)
      response.status(204).end()
    })
    .all(methodNotAllowed('POST', 'DELETE'))
}

function addRecordingRoute(router: Router, sessions: Sessions): void {
  const recorder = (id: string) => sessions.recorder(id) ?? absent(id)
  router
    .route(`${root}/:id/recording`)
    .get((request, response) => sendRecording(recorder(request.params.id), request, response))
    .post(jsonBody(bodyBytes), (request, response) => startRecording(recorder(request.params.id), request, response))
    .delete(({ params }, response) => stopRecording(recorder(params.id), response))
    .all(methodNotAllowed('GET', 'POST', 'DELETE'))
}

async function create(sessions: Sessions, request: Request, response: Response): Promise<void> {
  const info = await sessions.create(await parseInput(sessionRequest, request.body))
  response.status(201).location(`${root}/${info.id}`).json(info)
}

function absent(id: string): never {
  throw new ToolError('not_found', `there is no terminal '${id}'`, {
    remedy: `GET ${root} lists them; an ended one is kept for ten minutes`,
  })
}

function upgrade(sessions: Sessions, path: string, request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
  const id = streamPath.exec(path)?.[1]
  if (id === undefined) return false
  const access = accessByLink(sessions, path, request)
  import('./terminal-sockets.ts')
    .then(({ acceptSocket }) =>
      acceptSocket(request, socket, head, opened => attach(sessions, id, queryOf(request), opened, access)),
    )
    .catch(() => socket.destroy())
  return true
}

function attach(sessions: Sessions, id: string, query: URLSearchParams, socket: WebSocket, access?: Access): void {
  const after = query.get('after') ?? undefined
  const client = query.get('client') ?? undefined
  const offset = after === undefined ? undefined : Number(after)
  if (after !== undefined && !(/^\d+$/.test(after) && Number.isSafeInteger(offset)))
    socket.close(closeCode.badFrame, 'after is the offset of a byte')
  else if (client !== undefined && !clientName.test(client))
    socket.close(closeCode.badFrame, 'client is a name of 1 to 64 letters, digits, - and _')
  else sessions.attach(id, { after: offset, client }, socket, access)
}
