import type { Router } from 'express'
import type { TransferDesk } from './desk.ts'
import { addDownloadRoutes } from './downloads.ts'
import { addOfferRoutes } from './offers.ts'
import { addUploadRoutes } from './uploads.ts'

/** Files in and out beside a terminal; `root` is the path of all terminals. */
export function addTransferRoutes(router: Router, root: string, desk: TransferDesk): void {
  addUploadRoutes(router, root, desk)
  addDownloadRoutes(router, root, desk)
  addOfferRoutes(router, root, desk)
}
