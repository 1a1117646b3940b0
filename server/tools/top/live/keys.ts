import { ToolError } from '../../../core/errors.ts'
import { readPasswd } from '../../../linux/passwd.ts'
import { columnsOf } from '../columns.ts'
import type { TopField } from '../fields.ts'
import { parseFilter } from '../filter.ts'
import type { TopInput, TopProcess, TopSample } from '../schema.ts'
import { sendSignal } from './kill.ts'
import type { TopStage } from './screen.ts'
import { nextOf, otherFields, type Settings } from './settings.ts'

/** What a key works with. */
export interface Desk {
  readonly stage: TopStage
  readonly settings: Settings
  readonly input: TopInput
  readonly sample: TopSample | undefined
  readonly processes: readonly TopProcess[]
  /** How many processes fit. */
  readonly page: number
  ask(change: Partial<TopInput>): void
  set(change: Partial<Settings>): void
  say(message: string): void
  prompt(question: string, answer: (text: string) => void): void
  help(): void
}

type Action = (desk: Desk) => void

const toggle =
  (name: keyof Settings): Action =>
  desk =>
    desk.set({ [name]: !desk.settings[name] })

const sortBy =
  (field: TopField): Action =>
  desk =>
    desk.ask({ sort: `-${field}`, offset: 0, tree: false })

/** Keys that do nothing here say so, where fingers know them. */
const refuse =
  (why: string): Action =>
  desk =>
    desk.say(why)

const move =
  (to: (offset: number, desk: Desk) => number): Action =>
  desk => {
    const last = Math.max(0, (desk.sample?.matching ?? 0) - 1)
    desk.ask({ offset: Math.max(0, Math.min(last, to(desk.input.offset, desk))) })
  }

const shift =
  (cells: number): Action =>
  desk =>
    desk.set({ shift: Math.max(0, desk.settings.shift + cells) })

/** Cells that Left and Right move by, as in procps. */
const shiftCells = 8

const look: Action = desk => desk.stage.hurry()
const help: Action = desk => desk.help()
const quit: Action = desk => desk.stage.quit()

/** By the names of keys. */
export const actions: Record<string, Action> = {
  q: quit,
  h: help,
  '?': help,
  ' ': look,
  Enter: look,
  d: askDelay,
  s: askDelay,
  k: askPid,
  r: refuse('r: renice is not supported'),
  W: refuse('W: nothing is written: there is no configuration file'),
  n: askMaxTasks,
  '#': askMaxTasks,
  u: askUser('users', 'Which user (blank for all)'),
  U: askUser('anyUsers', 'Which user, effective or real (blank for all)'),
  o: askFilter,
  O: askFilter,
  'Ctrl-O': desk =>
    desk.say(desk.input.filters?.length ? `filters: ${desk.input.filters.join(', ')}` : 'filters: none'),
  '=': reset,
  L: askFind,
  '&': findNext,
  P: sortBy('cpuPercent'),
  M: sortBy('memoryPercent'),
  N: sortBy('pid'),
  T: sortBy('cpuTimeMs'),
  '<': desk => moveSort(desk, -1),
  '>': desk => moveSort(desk, 1),
  R: desk => desk.ask({ sort: reversed(desk.input.sort), offset: 0 }),
  H: desk => desk.ask({ threads: !desk.input.threads, offset: 0 }),
  V: desk => desk.ask({ tree: !desk.input.tree, offset: 0 }),
  i: desk => desk.ask({ idle: !desk.input.idle, offset: 0 }),
  f: toggleFields,
  c: toggle('commandLine'),
  1: toggle('perCpu'),
  t: toggle('showTasks'),
  m: toggle('showMemory'),
  l: toggle('showLoad'),
  x: toggle('markSort'),
  y: toggle('markRunning'),
  z: toggle('colour'),
  C: toggle('showCoordinates'),
  E: desk => desk.set({ summaryScale: nextOf(['k', 'm', 'g', 't', 'p', 'e'], desk.settings.summaryScale) }),
  e: desk => desk.set({ taskScale: nextOf(['k', 'm', 'g', 't', 'p'], desk.settings.taskScale) }),
  Up: move(offset => offset - 1),
  Down: move(offset => offset + 1),
  PageUp: move((offset, { page }) => offset - page),
  PageDown: move((offset, { page }) => offset + page),
  Home: move(() => 0),
  End: move((_, { sample, page }) => (sample?.matching ?? 0) - page),
  Left: shift(-shiftCells),
  Right: shift(shiftCells),
}

const reversed = (sort: string) => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`)

function askDelay(desk: Desk): void {
  desk.prompt(`Change delay from ${desk.input.intervalSeconds.toFixed(1)} to`, text => {
    const seconds = Number(text.replace(',', '.'))
    if (text === '') return
    if (seconds >= 0 && seconds <= 86_400) desk.ask({ intervalSeconds: Math.max(0.1, seconds) })
    else desk.say(`Unacceptable delay: ${text}`)
  })
}

function askPid(desk: Desk): void {
  const [first] = desk.processes
  const usual = first?.pid
  desk.prompt(`PID to signal/kill [default pid = ${usual ?? 'none'}]`, text => {
    const pid = text === '' ? usual : Number(text)
    if (pid === undefined) return
    if (Number.isInteger(pid) && pid > 0) askSignal(desk, pid)
    else desk.say(`Unacceptable pid: ${text}`)
  })
}

function askSignal(desk: Desk, pid: number): void {
  desk.prompt(`Send pid ${pid} signal [15/sigterm]`, text => {
    desk.say(`pid ${pid}: …`)
    const { clock, signal, stop, linux } = desk.stage.context
    void sendSignal(pid, text === '' ? 'TERM' : text, { clock, signal, stop, linux }).then(line => desk.say(line))
  })
}

function askMaxTasks(desk: Desk): void {
  desk.prompt(`Maximum tasks = ${desk.settings.maxTasks}, change to (0 is unlimited)`, text => {
    if (/^\d{1,6}$/.test(text)) desk.set({ maxTasks: Number(text) })
    else if (text !== '') desk.say(`Unacceptable integer: ${text}`)
  })
}

function askUser(field: 'users' | 'anyUsers', question: string): Action {
  return desk =>
    desk.prompt(question, text => {
      if (text === '') desk.ask({ users: undefined, anyUsers: undefined, offset: 0 })
      else if (isKnown(desk, text)) desk.ask({ users: undefined, anyUsers: undefined, [field]: [text], offset: 0 })
      else desk.say(`Invalid user: ${text}`)
    })
}

/** A run ends over a user that it doesn't know. */
function isKnown({ stage }: Desk, word: string): boolean {
  const name = word.replace(/^!/, '')
  return /^\d{1,10}$/.test(name) || [...readPasswd(stage.context.linux).values()].includes(name)
}

function askFilter(desk: Desk): void {
  const { filters = [] } = desk.input
  desk.prompt(`add filter #${filters.length + 1} as: [!]FLD?VAL`, text => {
    if (text === '') return
    try {
      parseFilter(text)
      desk.ask({ filters: [...filters, text], offset: 0 })
    } catch (error) {
      desk.say(ToolError.from(error).message.replace(/^filters: /, ''))
    }
  })
}

function reset(desk: Desk): void {
  desk.set({ maxTasks: 0, shift: 0 })
  desk.ask({ filters: undefined, users: undefined, anyUsers: undefined, idle: true, offset: 0 })
}

function askFind(desk: Desk): void {
  desk.prompt('Locate string', text => {
    if (text === '') return
    desk.set({ find: text })
    desk.ask({ find: text })
  })
}

function findNext(desk: Desk): void {
  const { find } = desk.settings
  if (find === '') desk.say('Locate next inactive, use "L"')
  else desk.ask({ find, offset: desk.input.offset + 1 })
}

function moveSort(desk: Desk, by: number): void {
  const fields = columnsOf(desk.settings.fields, 0).map(({ field }) => field)
  const sign = desk.input.sort.startsWith('-') ? '-' : ''
  const now = fields.indexOf(desk.input.sort.replace(/^[+-]/, '') as TopField)
  const field = fields[Math.max(0, Math.min(fields.length - 1, now + by))]!
  desk.ask({ sort: sign + field, offset: 0, tree: false })
  desk.say(`sorted by ${columnsOf([field], 0)[0]?.header}`)
}

function toggleFields(desk: Desk): void {
  const fields = otherFields(desk.settings.fields)
  desk.set({ fields })
  desk.ask({ io: fields.includes('fds') })
}
