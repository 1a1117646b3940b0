import { element } from '../page/element.ts'
import { words } from '../words.ts'
import { type Bundle, droppedBundles } from './dropped.ts'
import { icon } from './icons.ts'

interface DropTarget {
  /** The folder that they would land in; undefined: it isn't known. */
  where(): Promise<string | undefined>
  take(bundles: Bundle[]): void
}

/**
 * Takes files that are dropped on a part of the page; while they hang over it, it shows where they would land. Text that is
 * dragged is left to the browser.
 */
export function takeDrops(host: HTMLElement, { where, take }: DropTarget): () => void {
  const ended = new AbortController()
  const { signal } = ended
  const hint = new DropHint(host)
  /** Each element that is entered beneath the pointer adds one, each that is left takes one. */
  let depth = 0
  const leave = () => {
    depth = 0
    hint.hide()
  }
  const on = (name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) =>
    host.addEventListener(name, event => (name === 'dragleave' || holdsFiles(event)) && act(event), {
      signal,
      capture: true,
    })
  on('dragenter', event => {
    event.preventDefault()
    if (depth++ === 0) hint.show(where)
  })
  on('dragover', event => {
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  })
  on('dragleave', ({ relatedTarget }) => {
    const isOutside = relatedTarget instanceof Node && !host.contains(relatedTarget)
    if (--depth <= 0 || isOutside) leave()
  })
  on('drop', event => {
    event.preventDefault()
    event.stopPropagation()
    leave()
    if (event.dataTransfer) take(droppedBundles(event.dataTransfer))
  })
  // A drag that the browser loses ends without a word; a pointer that moves by itself says that it is over.
  addEventListener('pointermove', () => depth > 0 && leave(), { signal })
  return () => ended.abort()
}

const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

/** Beside the terminals a drop would make the browser leave the page and show the file. */
export function refuseOtherDrops(): void {
  for (const name of ['dragover', 'drop'] as const)
    addEventListener(name, event => {
      if (!holdsFiles(event) || event.defaultPrevented) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'none'
    })
}

class DropHint {
  readonly #where = element('p', { class: 'where' })
  readonly #hint: HTMLElement
  #shown = 0

  constructor(host: HTMLElement) {
    const what = element('p', { class: 'what' }, words.files.dropHere)
    this.#hint = element(
      'div',
      { class: 'drop-hint', hidden: '' },
      element('div', {}, icon('upload'), what, this.#where),
    )
    host.append(this.#hint)
  }

  show(where: DropTarget['where']): void {
    this.#hint.hidden = false
    this.#where.textContent = ''
    const shown = ++this.#shown
    where().then(
      directory => {
        if (shown === this.#shown && directory) this.#where.textContent = words.files.dropInto(directory)
      },
      () => undefined,
    )
  }

  hide(): void {
    this.#shown++
    this.#hint.hidden = true
  }
}
