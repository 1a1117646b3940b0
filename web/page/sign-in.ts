import { tokenIn } from '../address.ts'
import type { ApiError } from '../api/client.ts'
import { signIn } from '../api/session.ts'
import { words } from '../words.ts'
import { element } from './element.ts'

let asking: Promise<void> | undefined

/** Asks for the token until the server takes one, once for all who want it. `wrong`: the page came with one that it didn't take. */
export function askForToken(wrong: string): Promise<void> {
  asking ??= ask(wrong).finally(() => {
    asking = undefined
  })
  return asking
}

function ask(wrong: string): Promise<void> {
  const field = element('input', {
    id: 'token',
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    required: '',
    'aria-describedby': 'wrong',
  })
  const button = element('button', { type: 'submit' }, words.open)
  const trouble = element('p', { id: 'wrong', class: 'wrong', role: 'alert' }, wrong)
  const page = element('dialog', { class: 'sign-in', 'aria-labelledby': 'wanted' }, form(field, button, trouble))
  document.body.append(page)
  page.addEventListener('cancel', event => event.preventDefault())
  page.showModal()
  field.focus()
  return new Promise(resolve => {
    page.addEventListener('submit', async event => {
      event.preventDefault()
      button.disabled = true
      trouble.textContent = ''
      const pasted = field.value.trim()
      const failure = await trySignIn(tokenIn(pasted))
      button.disabled = false
      if (failure === undefined) {
        page.remove()
        resolve()
      } else {
        trouble.textContent = failure
        field.select()
      }
    })
  })
}

/** What to tell the person; undefined when the token was taken. */
export async function trySignIn(token: string): Promise<string | undefined> {
  try {
    await signIn(token)
    return undefined
  } catch (error) {
    const { status, message } = error as ApiError
    if (status === 401) return words.wrongToken
    if (status === 429) return words.tooMany
    return status === 0 ? words.unreachable : message
  }
}

function form(field: HTMLElement, button: HTMLElement, trouble: HTMLElement): HTMLFormElement {
  return element(
    'form',
    {},
    element('img', { src: iconAddress(), alt: '' }),
    element('h1', { id: 'wanted' }, words.tokenHeading),
    element('p', {}, words.tokenHelp),
    element('pre', {}, 'ditty url'),
    element('label', { for: 'token' }, words.tokenField),
    element('div', { class: 'row' }, field, button),
    trouble,
  )
}

/** The page's own icon; its built name carries a hash that only index.html knows. */
const iconAddress = () => document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? ''
