import { element } from '../page/element.ts'
import { words } from '../words.ts'
import type { Tab } from './tab.ts'

/** What one press of an arrow key moves, as a share of the split. */
export const stepShare = 0.05

const arrows: Record<string, -1 | 1> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }

/** The line between two parts of a split, to be dragged, or moved by the arrow keys; a double click makes halves. */
export function dividerHandle(tab: Tab, onMoved: () => void): HTMLElement {
  const handle = element('div', {
    class: 'divider',
    role: 'separator',
    tabindex: '0',
    'aria-label': words.divider,
    'aria-valuemin': '10',
    'aria-valuemax': '90',
  })
  const moveTo = (share: number) => {
    const divider = tab.dividerOf(handle)
    if (divider) tab.share(divider.split, share)
  }
  handle.addEventListener('pointerdown', event => {
    if (event.button === 0) handle.setPointerCapture(event.pointerId)
    event.preventDefault()
  })
  handle.addEventListener('pointermove', event => {
    if (handle.hasPointerCapture(event.pointerId)) moveTo(shareAt(tab, handle, event))
  })
  handle.addEventListener('lostpointercapture', onMoved)
  handle.addEventListener('dblclick', () => {
    moveTo(0.5)
    onMoved()
  })
  handle.addEventListener('keydown', event => {
    const step = arrows[event.key]
    const share = tab.dividerOf(handle)?.split.share
    if (step === undefined || share === undefined) return
    event.preventDefault()
    moveTo(share + step * stepShare)
    onMoved()
  })
  return handle
}

function shareAt(tab: Tab, handle: HTMLElement, { clientX, clientY }: PointerEvent): number {
  const { left, top, width, height } = tab.element.getBoundingClientRect()
  const divider = tab.dividerOf(handle)
  if (!divider) return 0.5
  const { split, box } = divider
  return split.direction === 'row'
    ? ((clientX - left) / width - box.left) / box.width
    : ((clientY - top) / height - box.top) / box.height
}
