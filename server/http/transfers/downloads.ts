import type { Request, Response, Router } from 'express'
import { openSource } from '../../transfer/source.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import { pathInQuery } from './byte-path.ts'
import type { TransferDesk } from './desk.ts'
import { sendSource } from './send-source.ts'

export function addDownloadRoutes(router: Router, root: string, desk: TransferDesk): void {
  router
    .route(`${root}/:id/files`)
    .get((request, response) => download(desk, request, response))
    .all(methodNotAllowed('GET'))
}

async function download(desk: TransferDesk, request: Request, response: Response): Promise<void> {
  const path = pathInQuery(request)
  const source = await desk.standing(String(request.params.id), stand => openSource(stand, path))
  try {
    await sendSource(request, response, source)
  } finally {
    await source.handle.close()
  }
}
