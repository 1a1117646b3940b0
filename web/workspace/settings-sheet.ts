import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { changeSettings, choices, type Settings, settings } from '../settings.ts'
import { fontSize } from '../terminal/fonts.ts'
import { words } from '../words.ts'
import type { Feature } from './feature.ts'

type Name = keyof Settings

/** What a value is called; numbers and switches speak for themselves. */
const valueNames: { [Of in Name]?: Record<string, string> } = {
  theme: words.themes,
  cursorStyle: words.cursors,
  rightClick: words.rightClicks,
  programsCopy: words.programsCopies,
  renderer: words.renderers,
  fontSize: { 0: words.automatic },
}

const order: Name[] = [
  'theme',
  'fontSize',
  'cursorStyle',
  'cursorBlink',
  'scrollback',
  'copyOnSelect',
  'rightClick',
  'warnPaste',
  'programsCopy',
  'bell',
  'renderer',
  'screenReader',
]

/** Each change holds at once, for every terminal of this browser. */
function openSettings(): void {
  const rows = order.map(name =>
    element('label', { class: 'setting' }, element('span', {}, words.settingNames[name]), control(name)),
  )
  openSheet(
    { title: words.settings, kind: 'settings-sheet' },
    ...rows,
    element('p', { class: 'faint' }, words.settingsHelp),
  )
}

function control(name: Name): HTMLElement {
  return typeof choices[name][0] === 'boolean' ? toggle(name) : select(name)
}

function toggle(name: Name): HTMLElement {
  const input = element('input', { type: 'checkbox', role: 'switch' })
  input.checked = settings()[name] === true
  input.addEventListener('change', () => changeSettings({ [name]: input.checked }))
  return input
}

function select(name: Name): HTMLElement {
  const values: readonly Settings[Name][] = choices[name]
  const options = values.map(value =>
    element('option', { value: String(value) }, valueNames[name]?.[String(value)] ?? Number(value).toLocaleString()),
  )
  const input = element('select', {}, ...options)
  input.selectedIndex = values.indexOf(settings()[name])
  input.addEventListener('change', () => changeSettings({ [name]: values[input.selectedIndex] }))
  return input
}

/** One size larger or smaller than now; `now` is what the window gets where none was chosen. */
export function nextFontSize(now: number, step: 1 | -1): number {
  const sizes = choices.fontSize.filter(size => size > 0)
  const next = step > 0 ? sizes.find(size => size > now) : sizes.findLast(size => size < now)
  return next ?? now
}

export const settingsSheet: Feature = {
  commands: [
    {
      group: 'page',
      label: words.larger,
      keys: 'Ctrl+Shift+>',
      repeats: true,
      forGuests: true,
      run: () => changeSettings({ fontSize: nextFontSize(fontSize(), 1) }),
    },
    {
      group: 'page',
      label: words.smaller,
      keys: 'Ctrl+Shift+<',
      repeats: true,
      forGuests: true,
      run: () => changeSettings({ fontSize: nextFontSize(fontSize(), -1) }),
    },
    { group: 'page', label: words.settingsEntry, forGuests: true, run: openSettings },
  ],
}
