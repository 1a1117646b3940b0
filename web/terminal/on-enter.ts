/** Offers Enter to `goOn` before the emulator sees it, which it then doesn't when there was something to do. */
export function onEnter(element: HTMLElement | undefined, goOn: () => boolean): () => void {
  const listener = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.isComposing || !goOn()) return
    event.preventDefault()
    event.stopPropagation()
  }
  element?.addEventListener('keydown', listener, { capture: true })
  return () => element?.removeEventListener('keydown', listener, { capture: true })
}
