import { scrollbackLines } from '../server/protocol/terminal-screen.ts'
import { Listeners } from './listeners.ts'

/** What a person chose for every terminal of this browser. */
export interface Settings {
  theme: 'system' | 'dark' | 'light'
  /** In pixels; 0: what suits the window. */
  fontSize: number
  cursorStyle: 'block' | 'bar' | 'underline'
  cursorBlink: boolean
  /** Lines kept above the screen. */
  scrollback: number
  copyOnSelect: boolean
  /** `menu`: the browser's. `paste`: copies what is selected, pastes when nothing is. */
  rightClick: 'menu' | 'paste'
  /** Shows that a program rang; it is never heard. */
  bell: boolean
  screenReader: boolean
  /** `auto`: WebGL where the machine has a graphics card. */
  renderer: 'auto' | 'webgl' | 'dom'
  /** Asks before lines are pasted that a program would run one by one. */
  warnPaste: boolean
  /** Whether a program may put text on the clipboard (OSC 52). */
  programsCopy: 'ask' | 'always' | 'never'
}

/** The values each may have, the default first. */
export const choices: { readonly [Name in keyof Settings]: readonly Settings[Name][] } = {
  theme: ['system', 'dark', 'light'],
  fontSize: [0, 10, 11, 12, 13, 14, 15, 16, 18, 20, 24, 28, 32],
  cursorStyle: ['block', 'bar', 'underline'],
  cursorBlink: [false, true],
  // The first is what the server's own screen keeps. Some 12 bytes a cell: 5 MB at 200 columns, and 120 MB for the last one.
  scrollback: [scrollbackLines, 10_000, 50_000],
  copyOnSelect: [false, true],
  rightClick: ['menu', 'paste'],
  bell: [true, false],
  screenReader: [false, true],
  renderer: ['auto', 'webgl', 'dom'],
  warnPaste: [true, false],
  programsCopy: ['ask', 'always', 'never'],
}

const names = Object.keys(choices) as (keyof Settings)[]
const storageKey = 'ditty.settings'
const changes = new Listeners<Readonly<Settings>>()

/** What is stored may be of another version, or made by hand: whatever isn't a choice is the default. */
export function readSettings(stored: string | null): Settings {
  let kept: Record<string, unknown> = {}
  try {
    kept = Object(JSON.parse(stored ?? '{}'))
  } catch {
    // As if nothing were stored.
  }
  const choiceOf = (name: keyof Settings) => choices[name].find(choice => choice === kept[name]) ?? choices[name][0]
  return Object.fromEntries(names.map(name => [name, choiceOf(name)])) as unknown as Settings
}

/** A browser that keeps nothing (storage refused, private window) still lets the person choose. */
function stored(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

function store(settings: Settings): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(settings))
  } catch {
    // They hold as long as the page.
  }
}

let current = readSettings(stored())

export const settings = (): Readonly<Settings> => current

export function changeSettings(change: Partial<Settings>): void {
  current = { ...current, ...change }
  store(current)
  changes.emit(current)
}

/** Calls back at each change, also one made in another tab of the browser. Gives what ends it. */
export const onSettings = (listener: (settings: Readonly<Settings>) => void): (() => void) => changes.add(listener)

/** The page sets this going once; in units there is no window. */
export function followOtherTabs(): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== storageKey) return
    current = readSettings(newValue)
    changes.emit(current)
  })
}
