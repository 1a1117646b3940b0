import { resolve } from 'node:path'
import express, { type Router } from 'express'

/** Names that esbuild ends in a hash of the content: `main-Q3XLAB2M.js`, `main-Q3XLAB2M.js.map`. */
const hashed = /-[A-Z0-9]{8}(\.[a-z0-9]+)+$/

/** Serves the built page and its assets. Those with a hash in their name never change; the rest is asked for again each time. */
export function addPageRoutes(router: Router, directory: string | undefined): void {
  if (directory === undefined) return
  const files = express.static(resolve(directory), {
    redirect: false,
    setHeaders: (response, path) =>
      response.setHeader('Cache-Control', hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
  })
  router.use(files)
}
