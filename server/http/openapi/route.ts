import type { Router } from 'express'
import type { Api } from '../api.ts'
import { methodNotAllowed } from '../method-not-allowed.ts'
import type { RouteGroup } from '../route-group.ts'

/** `GET /openapi.json`, made when first asked for: that takes every tool's schemas, which nothing else needs at start. */
export function addOpenapiRoute(router: Router, api: Api, groups: readonly RouteGroup[]): void {
  let document: Promise<object> | undefined
  const wrong = methodNotAllowed('GET', 'HEAD')
  router
    .route('/openapi.json')
    .get(async (_request, response) => {
      document ??= import('./document.ts').then(({ openapiDocument }) => openapiDocument(api, groups))
      response.json(await document)
    })
    .all(wrong)
}
