import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { randomName } from '../random-name.ts'
import { words } from '../words.ts'
import { labelOf, offered } from './commands.ts'
import type { Command, Feature } from './feature.ts'
import { isMac, showKeys } from './keys.ts'
import type { Workspace } from './workspace.ts'

const groups: Command['group'][] = ['terminal', 'panes', 'session', 'page']

/** Everything that can be done, with its keys; typing narrows it down, as a palette of commands. */
export function openMenu(workspace: Workspace): void {
  const commands = offered(workspace)
    .filter(({ run }) => run !== openMenu)
    .sort((one, other) => groups.indexOf(one.group) - groups.indexOf(other.group))
  const list = element('div', { class: 'menu-list', role: 'listbox', id: 'menu-list', 'aria-label': words.menu })
  const field = element('input', {
    class: 'filter',
    role: 'combobox',
    'aria-controls': 'menu-list',
    'aria-expanded': 'true',
    'aria-label': words.findCommand,
    placeholder: words.findCommand,
    autocomplete: 'off',
    spellcheck: 'false',
  })
  let chosen: Command | undefined
  const sheet = openSheet({ title: words.menu, kind: 'menu', onClosed: () => chosen?.run(workspace) }, field, list)
  const choose = (command: Command) => {
    chosen = command
    sheet.close()
  }
  const entries = commands.map(command => entryOf(command, workspace, () => choose(command)))
  new Choice(field, list, entries)
}

interface Entry {
  group: string
  text: string
  option: HTMLElement
  run(): void
}

function entryOf(command: Command, workspace: Workspace, run: () => void): Entry {
  const text = labelOf(command, workspace)
  const option = element('div', { role: 'option', id: `entry-${randomName()}` }, element('span', {}, text))
  if (command.keys) option.append(element('kbd', {}, showKeys(command.keys, isMac)))
  option.addEventListener('click', run)
  return { group: command.group, text: text.toLowerCase(), option, run }
}

/** A list of entries under a field: the arrows go along it, Enter runs the one they stand on. */
class Choice {
  readonly #field: HTMLInputElement
  readonly #list: HTMLElement
  readonly #entries: Entry[]
  #shown: Entry[] = []
  #at = 0

  constructor(field: HTMLInputElement, list: HTMLElement, entries: Entry[]) {
    this.#field = field
    this.#list = list
    this.#entries = entries
    field.addEventListener('input', () => this.#narrow())
    field.addEventListener('keydown', event => this.#onKey(event))
    list.addEventListener('pointermove', ({ target }) => {
      const over = this.#shown.findIndex(({ option }) => target instanceof Node && option.contains(target))
      if (over >= 0) this.#stand(over, false)
    })
    this.#narrow()
    field.focus()
  }

  #narrow(): void {
    const wanted = this.#field.value.toLowerCase().split(/\s+/)
    this.#shown = this.#entries.filter(({ text }) => wanted.every(word => text.includes(word)))
    const rows = this.#shown.map(({ option, group }, index) => {
      option.classList.toggle('first', index > 0 && group !== this.#shown[index - 1]?.group)
      return option
    })
    this.#list.replaceChildren(...(rows.length > 0 ? rows : [element('p', { class: 'empty' }, words.nothingFound)]))
    for (const { option } of this.#entries) option.removeAttribute('aria-selected')
    this.#stand(0)
  }

  #stand(at: number, scrolls = true): void {
    this.#shown[this.#at]?.option.removeAttribute('aria-selected')
    this.#at = at
    const option = this.#shown[at]?.option
    this.#field.setAttribute('aria-activedescendant', option?.id ?? '')
    if (!option) return
    option.ariaSelected = 'true'
    if (scrolls) option.scrollIntoView({ block: 'nearest' })
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const { length } = this.#shown
    if (event.isComposing || (!step && event.key !== 'Enter')) return
    event.preventDefault()
    if (step && length > 0) this.#stand((this.#at + step + length) % length)
    else this.#shown[this.#at]?.run()
  }
}

export const menu: Feature = {
  commands: [
    {
      group: 'page',
      label: words.menu,
      keys: 'Alt+Shift+M',
      forGuests: true,
      run: openMenu,
    },
  ],
}
