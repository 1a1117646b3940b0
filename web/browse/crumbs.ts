import type { Path } from '../api/container-files.ts'
import { element } from '../page/element.ts'
import type { Navigator } from './drawer.ts'

/** The folders on the way, each of which leads back to it. */
export function crumbs(navigator: Navigator, path: Path): HTMLElement {
  const steps = path.map(({ name }, index) => step(navigator, path.slice(0, index + 1), name, path[index + 1]?.name))
  const list = element('nav', { class: 'crumbs' }, step(navigator, [], '/', path[0]?.name), ...steps)
  steps.at(-1)?.setAttribute('aria-current', 'page')
  requestAnimationFrame(() => {
    list.scrollLeft = list.scrollWidth
  })
  return list
}

function step(navigator: Navigator, path: Path, label: string, below: string | undefined): HTMLElement {
  const button = element('button', { type: 'button' }, label)
  button.addEventListener('click', () => void navigator.go(path, below))
  return button
}
