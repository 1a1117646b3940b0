import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import type { Answer } from './upload-file.ts'

/** What to do with a file of a name that is there already; one question at a time, and none once the answer holds for all. */
export class Conflicts {
  #asking: Promise<unknown> = Promise.resolve()
  #forAll: Answer | undefined

  ask(path: string, signal: AbortSignal): Promise<Answer> {
    const answer = this.#asking.then(async () => {
      if (signal.aborted) return 'skip'
      return this.#forAll ?? (await this.#question(path, signal))
    })
    this.#asking = answer
    return answer
  }

  async #question(path: string, signal: AbortSignal): Promise<Answer> {
    const all = element('input', { type: 'checkbox' })
    const replace = element('button', { type: 'button', class: 'button main' }, words.files.replace)
    const skip = element('button', { type: 'button', class: 'button' }, words.files.skip)
    const sheet = openSheet(
      { title: words.files.existsTitle, kind: 'conflict' },
      element('p', { class: 'path' }, words.files.exists(path)),
      element('label', { class: 'check' }, all, words.files.forAll),
      element('div', { class: 'actions' }, skip, replace),
    )
    let answer: Answer = 'skip'
    replace.addEventListener('click', () => {
      answer = 'replace'
      sheet.close()
    })
    skip.addEventListener('click', () => sheet.close())
    signal.addEventListener('abort', sheet.close)
    replace.focus()
    await sheet.closed
    signal.removeEventListener('abort', sheet.close)
    if (all.checked) this.#forAll = answer
    return answer
  }
}
