import { type ISearchOptions, type ISearchResultChangeEvent, SearchAddon } from '@xterm/addon-search'
import { element } from '../page/element.ts'
import { searchColours } from '../terminal/theme.ts'
import { words } from '../words.ts'
import type { Pane } from './pane.ts'

/** Matches that are counted and coloured. More would slow a screen on which output runs, and nobody goes through them. */
const mostMatches = 1_000

const switches = [
  { option: 'caseSensitive', sign: 'Aa', label: words.matchCase },
  { option: 'wholeWord', sign: 'W', label: words.wholeWord },
  { option: 'regex', sign: '.*', label: words.pattern },
] as const

/** Searches what the emulator holds, scrollback and screen, the latest first. */
export class SearchBar {
  readonly #pane: Pane
  readonly #addon = new SearchAddon({ highlightLimit: mostMatches })
  readonly #field = element('input', {
    type: 'text',
    'aria-label': words.find,
    placeholder: words.find,
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'search-count',
  })
  readonly #count = element('span', { class: 'count', id: 'search-count', role: 'status' })
  readonly #bar = element('div', { class: 'search', role: 'search', 'aria-label': words.find })
  readonly #options: ISearchOptions = {}

  constructor(pane: Pane) {
    this.#pane = pane
    pane.terminal.loadAddon(this.#addon)
    this.#addon.onDidChangeResults(result => this.#showCount(result))
    const toggles = switches.map(({ option, sign, label }) => this.#toggle(option, sign, label))
    const older = button('↑', words.olderMatch, () => this.#go('older'))
    const newer = button('↓', words.newerMatch, () => this.#go('newer'))
    const close = button('×', words.close, () => this.#close())
    this.#bar.append(this.#field, this.#count, ...toggles, older, newer, close)
    this.#field.addEventListener('input', () => this.#find())
    this.#bar.addEventListener('keydown', event => this.#onKey(event))
    pane.element.append(this.#bar)
  }

  show = (): void => {
    this.#bar.hidden = false
    const selected = this.#pane.terminal.getSelection()
    if (selected && !selected.includes('\n')) this.#field.value = selected
    this.#field.select()
    this.#field.focus()
    this.#find()
  }

  #close(): void {
    this.#addon.clearDecorations()
    this.#bar.hidden = true
    this.#pane.focus()
  }

  #onKey(event: KeyboardEvent): void {
    if (event.isComposing) return
    if (event.key === 'Escape') this.#close()
    else if (event.key === 'Enter' && event.target === this.#field) this.#go(event.shiftKey ? 'newer' : 'older')
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /** From the newest match on, which lies nearest to what the person saw last. */
  #find(): void {
    this.#pane.terminal.clearSelection()
    this.#go('older')
  }

  #go(where: 'older' | 'newer'): void {
    const term = this.#field.value
    const trouble = this.#options.regex ? troubleOf(term) : undefined
    if (term === '' || trouble !== undefined) {
      this.#addon.clearDecorations()
      this.#say(trouble ?? '', trouble !== undefined)
      return
    }
    const options = { ...this.#options, decorations: searchColours() }
    if (where === 'older') this.#addon.findPrevious(term, options)
    else this.#addon.findNext(term, options)
  }

  #showCount({ resultIndex, resultCount }: ISearchResultChangeEvent): void {
    if (this.#field.value === '' || this.#bar.hidden) return
    const count = resultCount >= mostMatches ? `${resultCount}+` : String(resultCount)
    if (resultCount === 0) this.#say(words.noMatch, false)
    else this.#say(resultIndex < 0 ? count : words.matches(resultIndex + 1, count), false)
  }

  #say(text: string, isTrouble: boolean): void {
    this.#count.textContent = text
    this.#count.title = text
    this.#count.classList.toggle('wrong', isTrouble)
    this.#field.ariaInvalid = String(isTrouble)
  }

  #toggle(option: (typeof switches)[number]['option'], sign: string, label: string): HTMLElement {
    const toggle = button(sign, label, () => {
      this.#options[option] = !this.#options[option]
      toggle.ariaPressed = String(this.#options[option])
      // The addon counts anew for another text alone.
      this.#addon.clearDecorations()
      this.#find()
    })
    toggle.ariaPressed = 'false'
    return toggle
  }
}

/** What is wrong with a regular expression, in the browser's words. */
function troubleOf(pattern: string): string | undefined {
  try {
    // The search would find an empty match at every cell.
    return new RegExp(pattern).test('') ? words.matchesNothing : undefined
  } catch (error) {
    return words.badPattern(String((error as Error).message).replace(/^.*: /s, ''))
  }
}

function button(sign: string, label: string, run: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', title: label, 'aria-label': label }, sign)
  made.addEventListener('click', run)
  return made
}
