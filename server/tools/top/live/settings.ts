import { ioFields, usualFields } from '../columns.ts'
import type { TopField } from '../fields.ts'
import type { TopView } from '../schema.ts'

/** What keys change of how things look, and the run knows nothing of. */
export interface Settings {
  fields: readonly TopField[]
  commandLine: boolean
  perCpu: boolean
  summaryScale: TopView['summaryScale']
  taskScale: TopView['taskScale']
  showLoad: boolean
  showTasks: boolean
  showMemory: boolean
  /** Colours of states. */
  colour: boolean
  markSort: boolean
  markRunning: boolean
  showCoordinates: boolean
  /** At most so many processes; 0 is as many as fit. */
  maxTasks: number
  /** How far the command is shifted to the left. */
  shift: number
  /** What is looked for. */
  find: string
}

export const firstSettings = (view: TopView, colour: boolean): Settings => ({
  fields: view.columns ?? usualFields,
  commandLine: view.commandLine,
  perCpu: view.perCpu,
  summaryScale: view.summaryScale,
  taskScale: view.taskScale,
  showLoad: true,
  showTasks: true,
  showMemory: true,
  colour,
  markSort: false,
  markRunning: true,
  showCoordinates: false,
  maxTasks: 0,
  shift: 0,
  find: '',
})

/** The other set of columns. */
export const otherFields = (fields: readonly TopField[]) => (fields === ioFields ? usualFields : ioFields)

export function nextOf<Word extends string>(words: readonly Word[], word: Word): Word {
  return words[(words.indexOf(word) + 1) % words.length]!
}
