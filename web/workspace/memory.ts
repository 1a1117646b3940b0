import { panesOf, readLayout, rename } from './layout.ts'
import type { Pane } from './pane.ts'
import type { Workspace } from './workspace.ts'

/** A tab as this browser tab keeps it over a reload: sessions by id. */
export interface KeptTab {
  layout: ReturnType<typeof readLayout>
  focused: string
  isZoomed: boolean
}

export interface Kept {
  tabs: KeptTab[]
  shown: number
}

const key = 'ditty.layout'

/** More tabs than that no one made by hand. */
const mostTabs = 100

export function keepLayout({ tabs, tab: shown }: Workspace): void {
  const ids = new Map(tabs.flatMap(({ panes }) => panes.flatMap(idOf)))
  const kept = tabs.map(({ layout, focused, isZoomed }) => ({
    layout: rename(layout, ids),
    focused: focused.view.id ?? '',
    isZoomed,
  }))
  sessionStorage.setItem(key, JSON.stringify({ tabs: kept, shown: shown ? tabs.indexOf(shown) : 0 }))
}

const idOf = ({ key, view }: Pane): [string, string][] => (view.id === undefined ? [] : [[key, view.id]])

/** The tabs of before the reload, of those sessions alone that `isKnown`. */
export function keptLayout(stored: string | null, isKnown: (id: string) => boolean): Kept {
  const { tabs, shown } = parse(stored)
  const kept = tabs.slice(0, mostTabs).map(value => readTab(value, isKnown))
  const place = kept.slice(0, shown + 1).filter(Boolean).length - 1
  return { tabs: kept.filter(tab => tab !== undefined), shown: Math.max(0, place) }
}

export const storedLayout = (): string | null => sessionStorage.getItem(key)

function parse(stored: string | null): { tabs: unknown[]; shown: number } {
  try {
    const { tabs, shown } = Object(JSON.parse(stored ?? '{}'))
    return { tabs: Array.isArray(tabs) ? tabs : [], shown: Number.isInteger(shown) ? shown : 0 }
  } catch {
    return { tabs: [], shown: 0 }
  }
}

function readTab(value: unknown, isKnown: (id: string) => boolean): KeptTab | undefined {
  const { layout, focused, isZoomed } = Object(value)
  const read = readLayout(layout)
  if (read === undefined) return undefined
  const known = new Set(panesOf(read).filter(isKnown))
  const left = rename(read, new Map([...known].map(id => [id, id])))
  return left === undefined ? undefined : { layout: left, focused: String(focused), isZoomed: isZoomed === true }
}
