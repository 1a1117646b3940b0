import { element } from './element.ts'
import { openSheet } from './sheet.ts'

export interface Answer<Value> {
  label: string
  value: Value
  /** The one that Enter gives. */
  isMain?: boolean
}

/** Asks a question; undefined when it was closed without an answer. */
export async function ask<Value>(title: string, text: string, answers: Answer<Value>[]): Promise<Value | undefined> {
  let given: Value | undefined
  const buttons = answers.map(({ label, value, isMain }) => {
    const button = element('button', { type: 'button', class: isMain ? 'button main' : 'button' }, label)
    button.addEventListener('click', () => {
      given = value
      sheet.close()
    })
    return button
  })
  const sheet = openSheet(
    { title, kind: 'ask' },
    element('p', { class: 'faint' }, text),
    element('div', { class: 'actions' }, ...buttons),
  )
  buttons[answers.findIndex(({ isMain }) => isMain)]?.focus()
  await sheet.closed
  return given
}

/** Asks for a line of text; undefined when it was closed without one. */
export async function askForText(
  title: string,
  label: string,
  value: string,
  done: string,
): Promise<string | undefined> {
  let given: string | undefined
  const field = element('input', { type: 'text', 'aria-label': label, placeholder: label, maxlength: '200', value })
  const button = element('button', { type: 'submit', class: 'button main' }, done)
  const form = element('form', {}, field, element('div', { class: 'actions' }, button))
  form.addEventListener('submit', event => {
    event.preventDefault()
    given = field.value.trim()
    sheet.close()
  })
  const sheet = openSheet({ title, kind: 'ask' }, form)
  field.select()
  await sheet.closed
  return given
}
