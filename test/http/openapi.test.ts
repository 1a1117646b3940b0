import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { registry } from '../../server/tools/registry.ts'
import { countingRegistry } from '../core/counting-tool.ts'
import { serve } from './serve.ts'

type Operation = { parameters?: { name: string; required: boolean; schema: object }[]; requestBody?: object }
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

async function documentOf(options: Parameters<typeof serve>[0] = {}): Promise<Document> {
  const { api } = await serve(options)
  return (await (await api('/openapi.json')).json()) as Document
}

test('openapi.json is valid OpenAPI 3.1 and tells of every route', async () => {
  const document = await documentOf()
  const validator = new Validator()
  expect(await validator.validate(document)).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  expect(Object.keys(document.paths)).toEqual([
    '/healthz',
    '/readyz',
    '/openapi.json',
    '/api/v1/session',
    '/api/v1/tools',
    '/api/v1/tools/counting',
    '/api/v1/exec',
  ])
})

test('it is valid with every tool there is', async () => {
  const context = { clock: undefined, linux: undefined } as never
  const document = await documentOf({ registry: [...registry, ...countingRegistry] as never, context })
  expect(await new Validator().validate(document)).toEqual({ valid: true })
  for (const { name } of registry) expect(document.paths).toHaveProperty([`/api/v1/tools/${name}`])
})

test('a document that could not be made is made when it is asked for again', async () => {
  let tries = 0
  const [entry] = countingRegistry
  const load = async () => {
    if (tries++ === 0) throw new Error('no file descriptor is free')
    return entry!.load()
  }
  const { api } = await serve({ registry: [{ ...entry!, load }] })
  expect((await api('/openapi.json')).status).toBe(500)
  expect((await api('/openapi.json')).status).toBe(200)
})

test("a tool's fields are its body and, for GET, its query", async () => {
  const { paths, components } = await documentOf()
  const { get, post } = paths['/api/v1/tools/counting']!
  expect(get?.parameters?.map(({ name, required }) => [name, required])).toEqual([
    ['upTo', true],
    ['words', false],
    ['stepMs', false],
    ['failAt', false],
  ])
  expect(post?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { $ref: '#/components/schemas/counting.input' } } },
  })
  expect(components.schemas['counting.input']).toMatchObject({ required: ['upTo'], additionalProperties: false })
})

test('every reference leads to a schema', async () => {
  const context = { clock: undefined, linux: undefined } as never
  const document = await documentOf({ registry: [...registry, ...countingRegistry] as never, context })
  const names = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference)
  const known = Object.keys(document.components.schemas).map(name => `#/components/schemas/${name}`)
  expect([...new Set(names)].filter(name => !known.includes(name ?? ''))).toEqual([])
})
