import { element } from '../page/element.ts'
import { type Bundle, chosenBundles } from './dropped.ts'

/** Opens the browser's own dialog. */
export function chooseFiles(isFolder: boolean, take: (bundles: Bundle[]) => void): void {
  const field = element('input', { type: 'file', multiple: '', hidden: '', class: 'file-field' })
  field.webkitdirectory = isFolder
  field.addEventListener('change', () => {
    take(chosenBundles(field.files ?? []))
    field.remove()
  })
  field.addEventListener('cancel', () => field.remove())
  document.body.append(field)
  field.click()
}
