import { icon } from '../files/icons.ts'
import { element } from '../page/element.ts'

/** A small button of a drawing, whose words show when it is pointed at. */
export function toolButton(drawing: Parameters<typeof icon>[0], label: string, run: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'tool', 'aria-label': label, title: label }, icon(drawing))
  button.addEventListener('click', run)
  return button
}
