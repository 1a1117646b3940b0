import { expect, test } from 'vitest'
import { keptLayout } from '../../web/workspace/memory.ts'

const split = { direction: 'row', share: 0.5, first: 'a', second: 'b' }
const stored = (tabs: unknown[], shown = 0) => JSON.stringify({ tabs, shown })
const all = () => true

test('tabs come back as they were', () => {
  const tab = { layout: split, focused: 'b', isZoomed: true }
  expect(keptLayout(stored([tab]), all)).toEqual({ tabs: [tab], shown: 0 })
})

test('sessions that are gone leave their place to the others, and empty tabs go', () => {
  const tabs = [
    { layout: 'gone', focused: 'gone' },
    { layout: split, focused: 'a' },
    { layout: 'c', focused: 'c' },
  ]
  const kept = keptLayout(stored(tabs, 2), id => id === 'b' || id === 'c')
  expect(kept.tabs.map(({ layout }) => layout)).toEqual(['b', 'c'])
  expect(kept.shown).toBe(1)
})

test.each([null, '', 'no JSON', '[]', '{"tabs":7}', '{"tabs":[null,7,{}]}'])('%j is no layout', text =>
  expect(keptLayout(text, all)).toEqual({ tabs: [], shown: 0 }),
)
