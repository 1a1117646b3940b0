/** How a tab is divided: a pane, by its key, or two parts side by side (`row`) or one above the other (`column`). */
export type Layout = string | Split

export interface Split {
  direction: 'row' | 'column'
  /** The first part's share of the whole, between 0 and 1. */
  share: number
  first: Layout
  second: Layout
}

export type Side = 'left' | 'right' | 'up' | 'down'

/** In shares of the whole tab. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** Where a divider stands, and the split it moves. */
export interface Divider {
  split: Split
  /** Of the split as a whole. */
  box: Box
}

/** The smallest share a part is given: on a screen of 1000 pixels some ten columns. */
const leastShare = 0.1

export const panesOf = (layout: Layout): string[] =>
  typeof layout === 'string' ? [layout] : [...panesOf(layout.first), ...panesOf(layout.second)]

/** `pane` shares its place with `added`, which comes right of it or below. */
export function split(layout: Layout, pane: string, direction: Split['direction'], added: string): Layout {
  if (layout === pane) return { direction, share: 0.5, first: pane, second: added }
  if (typeof layout === 'string') return layout
  const { first, second } = layout
  return { ...layout, first: split(first, pane, direction, added), second: split(second, pane, direction, added) }
}

/** What shared its place with `pane` takes all of it; undefined when nothing is left. */
export function remove(layout: Layout, pane: string): Layout | undefined {
  if (typeof layout === 'string') return layout === pane ? undefined : layout
  const first = remove(layout.first, pane)
  const second = remove(layout.second, pane)
  return first === undefined ? second : second === undefined ? first : { ...layout, first, second }
}

export function withShare(layout: Layout, changed: Split, share: number): Layout {
  if (typeof layout === 'string') return layout
  if (layout === changed) return { ...layout, share: Math.min(1 - leastShare, Math.max(leastShare, share)) }
  const [first, second] = [withShare(layout.first, changed, share), withShare(layout.second, changed, share)]
  return { ...layout, first, second }
}

const whole: Box = { left: 0, top: 0, width: 1, height: 1 }

function parts({ direction, share }: Split, { left, top, width, height }: Box): [Box, Box] {
  return direction === 'row'
    ? [
        { left, top, width: width * share, height },
        { left: left + width * share, top, width: width * (1 - share), height },
      ]
    : [
        { left, top, width, height: height * share },
        { left, top: top + height * share, width, height: height * (1 - share) },
      ]
}

export function place(layout: Layout, box = whole): { panes: Map<string, Box>; dividers: Divider[] } {
  if (typeof layout === 'string') return { panes: new Map([[layout, box]]), dividers: [] }
  const [one, other] = parts(layout, box)
  const first = place(layout.first, one)
  const second = place(layout.second, other)
  return {
    panes: new Map([...first.panes, ...second.panes]),
    dividers: [{ split: layout, box }, ...first.dividers, ...second.dividers],
  }
}

/** The pane that touches `pane` on that side; of several the one whose edge runs along most of it, the first of equals. */
export function neighbour(layout: Layout, pane: string, side: Side): string | undefined {
  const { panes } = place(layout)
  const from = panes.get(pane)
  if (!from) return undefined
  const shared = (box: Box) => overlap(from, box, side)
  const touching = [...panes].filter(([, box]) => touches(from, box, side) && shared(box) > tiny)
  return touching.sort(([, one], [, other]) => shared(other) - shared(one))[0]?.[0]
}

/** Shares are sums of products of fractions. */
const tiny = 1e-6

function touches(from: Box, to: Box, side: Side): boolean {
  const gaps = {
    left: to.left + to.width - from.left,
    right: from.left + from.width - to.left,
    up: to.top + to.height - from.top,
    down: from.top + from.height - to.top,
  }
  return Math.abs(gaps[side]) < tiny
}

function overlap(one: Box, other: Box, side: Side): number {
  const along = (start: 'left' | 'top', length: 'width' | 'height') =>
    Math.min(one[start] + one[length], other[start] + other[length]) - Math.max(one[start], other[start])
  return side === 'left' || side === 'right' ? along('top', 'height') : along('left', 'width')
}

/** The split whose divider moves when `pane` grows towards that side or shrinks from it: the innermost of that direction. */
export function splitAround(layout: Layout, pane: string, direction: Split['direction']): Split | undefined {
  if (typeof layout === 'string') return undefined
  const inner = [layout.first, layout.second].find(part => panesOf(part).includes(pane))
  if (inner === undefined) return undefined
  return splitAround(inner, pane, direction) ?? (layout.direction === direction ? layout : undefined)
}

/** Renames panes; those without a new name are removed. */
export function rename(layout: Layout, names: ReadonlyMap<string, string>): Layout | undefined {
  if (typeof layout === 'string') return names.get(layout)
  const first = rename(layout.first, names)
  const second = rename(layout.second, names)
  return first === undefined ? second : second === undefined ? first : { ...layout, first, second }
}

/** What was stored, where it is a layout at all, of at most `depth` splits within splits. */
export function readLayout(value: unknown, depth = 64): Layout | undefined {
  if (typeof value === 'string') return value
  if (depth === 0 || typeof value !== 'object' || value === null) return undefined
  const { direction, share, first, second } = value as Record<string, unknown>
  if ((direction !== 'row' && direction !== 'column') || typeof share !== 'number' || !(share > 0 && share < 1))
    return undefined
  const [one, other] = [readLayout(first, depth - 1), readLayout(second, depth - 1)]
  return one === undefined || other === undefined ? undefined : { direction, share, first: one, second: other }
}
