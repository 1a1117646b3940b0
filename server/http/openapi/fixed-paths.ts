import { json, problemAnswer, reference } from './answers.ts'

const status = { type: 'object', required: ['status'], properties: { status: { const: 'ok' } } }

const probe = (summary: string) => ({
  get: {
    summary,
    security: [],
    responses: { 200: { description: 'Yes', content: json(status) }, default: problemAnswer },
  },
})

/** What needs no token. */
export const unguardedPaths = {
  '/healthz': probe('Whether the server is alive'),
  '/readyz': probe('Whether it takes requests'),
  '/openapi.json': {
    get: {
      summary: 'This document',
      security: [],
      responses: { 200: { description: 'OpenAPI 3.1', content: json({ type: 'object' }) } },
    },
  },
}

export const sessionPath = {
  post: {
    summary: 'Trade the token for a cookie',
    responses: { 204: { description: 'Set-Cookie carries it' }, default: problemAnswer },
  },
  delete: {
    summary: 'Give the cookie back',
    responses: { 204: { description: 'It is no longer good' }, default: problemAnswer },
  },
}

const toolList = {
  type: 'object',
  required: ['tools'],
  properties: { tools: { type: 'array', items: reference('Tool') } },
}

export const toolListPath = {
  get: {
    summary: 'Every tool, its schemas, and whether it can work here',
    responses: { 200: { description: 'The tools', content: json(toolList) }, default: problemAnswer },
  },
}
