import type { Request, Response } from 'express'
import type { Clock } from '../../core/context.ts'
import type { Linux } from '../../linux/linux.ts'
import { type UploadLimits, Uploads } from '../../transfer/uploads.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { filePaths } from '../openapi/file-paths.ts'
import type { RouteGroup } from '../route-group.ts'
import { read } from './read.ts'
import { remove } from './remove.ts'
import { type FilesDesk, visit } from './visit.ts'
import { abandon, write } from './write.ts'

export interface FilesOptions {
  linux: Linux
  clock: Clock
  uploadLimits?: Partial<UploadLimits>
}

/** The path is taken from the request itself: express would decode it, and names need not be UTF-8. */
const pattern = /^\/api\/v1\/files(?:\/.*)?$/s

/** A container's files over HTTP: `GET|PUT|DELETE /api/v1/files/<path>?target=<pid, container name or id, or self>`. */
export function files({ linux, clock, uploadLimits }: FilesOptions): RouteGroup {
  const desk: FilesDesk = { linux, clock, uploads: new Uploads(uploadLimits) }
  const reading = (request: Request, response: Response) =>
    visit(desk, [request, response], 'read', found => read(found, request, response))
  return {
    add: router => {
      router
        .route(pattern)
        .get(reading)
        .put((request, response) =>
          visit(desk, [request, response], 'write', found => write(found, desk.uploads, request, response)),
        )
        .delete((request, response) =>
          visit(desk, [request, response], 'write', found =>
            request.get('Content-Range') === undefined
              ? remove(found, request, response)
              : abandon(found, desk.uploads, request, response),
          ),
        )
        .all(methodNotAllowed('GET', 'HEAD', 'PUT', 'DELETE'))
    },
    paths: filePaths,
    close: () => desk.uploads.close(),
  }
}
