import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { describeField } from '../../server/core/input.ts'
import { registry } from '../../server/tools/registry.ts'

const tools = await Promise.all(registry.map(async entry => ({ entry, tool: await entry.load() })))

test.each(tools)('$entry.name: the registry names it and its words as the tool does', ({ entry, tool }) => {
  expect(entry.name).toBe(tool.name)
  expect([...entry.applets]).toEqual(Object.keys(tool.applets))
})

test('no word leads to two tools', () => {
  const words = registry.flatMap(({ applets }) => applets)
  expect(new Set(words).size).toBe(words.length)
})

test.each(tools)('$entry.name: every field has a description and every flag a field', ({ tool }) => {
  const fields = { ...tool.input.shape, ...tool.view.shape }
  for (const [name, schema] of Object.entries(fields)) expect(describeField(schema).description, name).not.toBe('')
  const flags = [...tool.flags, ...Object.values(tool.applets).flatMap(({ flags }) => flags)]
  expect(flags.filter(({ field }) => !(field in fields))).toEqual([])
})

test.each(tools)('$entry.name: no word has the same flag twice', ({ tool }) => {
  for (const { flags } of [tool, ...Object.values(tool.applets)]) {
    const names = flags.flatMap(({ short, long }) => [short && `-${short}`, long && `--${long}`].filter(Boolean))
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  }
})

test.each(tools)('$entry.name: input and events have a JSON Schema, and a run ends with a summary', ({ tool }) => {
  expect(z.toJSONSchema(tool.input, { io: 'input' })).toMatchObject({ type: 'object', additionalProperties: false })
  const { oneOf = [] } = z.toJSONSchema(tool.event) as unknown as {
    oneOf?: { properties: { type: { const: string } } }[]
  }
  expect(oneOf.map(({ properties }) => properties.type.const)).toContain('summary')
})
