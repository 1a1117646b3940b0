import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Router } from 'express'

/** An OpenAPI 3.1 path item: its operations by method. */
export type PathItem = Record<string, unknown>

/** Routes that another room adds to the API, loaded once the server listens. Host, Origin and token of all that reaches them were checked, but for those a group admits itself. */
export interface RouteGroup {
  /** Adds routes, each with its whole path: `/api/v1/terminals`. What they throw becomes a problem (see problem.ts). */
  add(router: Router): void
  /**
   * Whether a request without the server's token may pass all the same, by one of the group's own for just this path. Throws a
   * Problem for one that looks like such a token and is none.
   */
  admits?(path: string, request: IncomingMessage): boolean
  /** Takes over a WebSocket upgrade and answers true, or answers false where the path isn't its own. `path` is without the query. */
  upgrade?(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** What `openapi.json` says of these routes, by path (`/api/v1/terminals/{id}`). */
  paths?(): Record<string, PathItem>
  /** Ends what still runs, within a second; later its sockets are destroyed. */
  close?(): Promise<void>
}
