/** Arrows walk through the rows of a list, and up from its first into the field above; any letter goes into that field. */
export function walkByKeys(event: KeyboardEvent, list: HTMLElement, field: HTMLElement): void {
  const rows = rowsOf(list)
  const at = rows.indexOf(document.activeElement as HTMLButtonElement)
  const isInList = at >= 0 || document.activeElement === field
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }
  const to = steps[event.key]
  if (isInList && to !== undefined && !(at < 0 && event.key === 'Home')) {
    ;(rows[to] ?? field).focus()
    event.preventDefault()
  } else if (at >= 0 && isLetter(event)) field.focus()
}

export const rowsOf = (list: HTMLElement) => [...list.querySelectorAll<HTMLButtonElement>('.entry')]

const isLetter = ({ key, ctrlKey, altKey, metaKey }: KeyboardEvent) =>
  key.length === 1 && key !== ' ' && !ctrlKey && !altKey && !metaKey
