import type { Frame, LiveScreen, Size, Stage } from '../../../core/live.ts'
import type { ToolContext } from '../../context.ts'
import type { TopEvent, TopInput, TopProcess, TopSample, TopView } from '../schema.ts'
import { drawFrame, roomForProcesses, type Shown } from './frame.ts'
import { helpLines } from './help.ts'
import { actions, type Desk } from './keys.ts'
import { Prompt } from './prompt.ts'
import { firstSettings, type Settings } from './settings.ts'

export type TopStage = Stage<TopInput, TopView, ToolContext>

/** The screen of top: what the run is asked for is what fits. */
export class TopScreen implements LiveScreen<TopEvent>, Desk {
  readonly stage: TopStage
  settings: Settings
  input: TopInput
  sample: TopSample | undefined
  processes: TopProcess[] = []
  #size: Size = { columns: 80, rows: 24 }
  #coming: { sample: TopSample; processes: TopProcess[] } | undefined
  #message = ''
  #prompt: Prompt | undefined
  #hasHelp = false

  constructor(stage: TopStage) {
    this.stage = stage
    this.settings = firstSettings(stage.view, stage.colour)
    this.input = { ...stage.input, container: true }
  }

  resize(size: Size): void {
    this.#size = size
    this.ask({})
  }

  /** A sample is shown once it is whole. */
  take(event: TopEvent): void {
    if (event.type === 'sample') this.#coming = { sample: event, processes: [] }
    if (event.type === 'process') this.#coming?.processes.push(event)
    const coming = this.#coming
    if (!coming || coming.processes.length < coming.sample.shown) return
    this.#coming = undefined
    const isFirst = this.sample === undefined
    this.sample = coming.sample
    this.processes = coming.processes
    this.#follow(coming.sample, isFirst)
  }

  /** What was found is where the list begins from now on; a list that got shorter is followed to its end. */
  #follow({ found, offset, matching }: TopSample, isFirst: boolean): void {
    if (found === false) this.say(`"${this.settings.find}" not found`)
    if (found !== undefined) {
      const { find, ...others } = this.input
      this.input = others
      this.ask({ offset: found ? offset : Math.max(0, offset - 1) })
    } else if (offset > 0 && offset >= matching) this.ask({ offset: Math.max(0, matching - this.page) })
    else if (isFirst) this.ask({})
  }

  press(key: string): void {
    if (this.#hasHelp) this.#hasHelp = false
    else if (this.#prompt) {
      const prompt = this.#prompt
      if (!prompt.press(key) && this.#prompt === prompt) this.#prompt = undefined
    } else {
      this.#message = ''
      const act = actions[key]
      if (act) act(this)
      else this.say("Unknown command - try 'h' for help")
    }
  }

  frame(): Frame {
    if (!this.#hasHelp) return drawFrame(this.#shown)
    return { lines: helpLines.slice(0, this.#size.rows).map(line => line.slice(0, this.#size.columns)) }
  }

  get page(): number {
    return roomForProcesses(this.#shown)
  }

  /** Changes what the run is asked for; how many processes follows from the screen. */
  ask(change: Partial<TopInput>): void {
    this.input = { ...this.input, ...change }
    const { maxTasks } = this.settings
    this.input.limit = maxTasks > 0 ? Math.min(maxTasks, this.page) : this.page
    this.stage.steer(this.input)
  }

  set(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change }
    this.ask({})
  }

  say(message: string): void {
    this.#message = message
    this.stage.redraw()
  }

  prompt(question: string, answer: (text: string) => void): void {
    this.#prompt = new Prompt(question, answer)
  }

  help(): void {
    this.#hasHelp = true
  }

  get #shown(): Shown {
    return {
      size: this.#size,
      sample: this.sample,
      processes: this.processes,
      settings: this.settings,
      input: this.input,
      message: this.#message,
      prompt: this.#prompt,
    }
  }
}
