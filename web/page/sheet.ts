import { words } from '../words.ts'
import { element } from './element.ts'

export interface Sheet {
  dialog: HTMLDialogElement
  close(): void
  /** Resolves when it is off the page, however that came. */
  closed: Promise<void>
}

interface SheetOptions {
  title: string
  /** Its class, beside `sheet`. */
  kind: string
  /** Called once it is closed and its content gone; the focus is where it was before. */
  onClosed?(): void
}

/**
 * A dialog over the page that Escape, its button and a press beside it close. The focus returns to where it was, so that a person
 * types on in the terminal.
 */
export function openSheet({ title, kind, onClosed }: SheetOptions, ...content: (Node | string)[]): Sheet {
  const before = document.activeElement
  const close = element('button', { type: 'button', class: 'close', 'aria-label': words.close }, '×')
  const dialog = element(
    'dialog',
    { class: `sheet ${kind}`, 'aria-label': title },
    element('header', {}, element('h2', {}, title)),
    element('div', { class: 'sheet-body' }, ...content),
    // Last, so that a dialog that opens stands on its first control.
    close,
  )
  const { promise, resolve } = Promise.withResolvers<void>()
  close.addEventListener('click', () => dialog.close())
  closeOnPressBeside(dialog)
  dialog.addEventListener('close', () => {
    dialog.remove()
    if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus()
    onClosed?.()
    resolve()
  })
  document.body.append(dialog)
  dialog.showModal()
  // By itself a browser may choose the box that scrolls.
  dialog.querySelector<HTMLElement>('.sheet-body :is(input, select, button)')?.focus()
  return { dialog, close: () => dialog.close(), closed: promise }
}

/** The backdrop is the dialog's own, so a press on it falls on the dialog, outside its box. */
function closeOnPressBeside(dialog: HTMLDialogElement): void {
  dialog.addEventListener('pointerdown', ({ target, clientX, clientY }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect()
    const isInside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom
    if (target === dialog && !isInside) dialog.close()
  })
}
