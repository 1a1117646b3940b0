import type { Router } from 'express'
import type { Api } from './api.ts'
import { methodNotAllowed } from './method-not-allowed.ts'

/** The page trades the token of its address for a cookie, which scripts on the page can't read. */
export function addSessionRoutes(router: Router, { authentication }: Api): void {
  const { tokens, cookieName } = authentication
  router
    .route('/api/v1/session')
    .post((_request, response) => {
      response.setHeader('Set-Cookie', `${cookieName}=${tokens.openSession()}; Path=/; HttpOnly; SameSite=Strict`)
      response.status(204).end()
    })
    .delete((request, response) => {
      tokens.closeSession(authentication.cookieOf(request) ?? '')
      response.setHeader('Set-Cookie', `${cookieName}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`)
      response.status(204).end()
    })
    .all(methodNotAllowed('POST', 'DELETE'))
}
