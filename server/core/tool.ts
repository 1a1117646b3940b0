import type * as z from 'zod/mini'
import type { RunContext } from './context.ts'
import type { ToolError } from './errors.ts'
import type { LiveScreen, Stage } from './live.ts'
import type { Payload } from './payload.ts'

/** positive: found good (exit status 0); negative: found bad (1). What could not look is a ToolError. */
export type Outcome = 'positive' | 'negative'

export type Fields = Record<string, unknown>
export type ObjectSchema = z.ZodMiniObject<Record<string, z.ZodMiniType>>
export interface ToolEvent {
  type: string
}
export type EventSchema = z.ZodMiniType<ToolEvent>

/** One flag of a command line. It fills a field of the tool's input or view; which of the two, the field's name tells. */
export interface Flag {
  /** The field it fills. */
  field: string
  /** One letter: `c` is `-c`. */
  short?: string
  /** A word: `connect-timeout` is `--connect-timeout`. */
  long?: string
  /**
   * The name of its value in the help; without one the flag takes no value and sets `value` (default true), or adds it where
   * the field is a list.
   */
  metavar?: string
  value?: unknown
  /** What it fills where it stands without its value, which then comes attached alone: `--color`, `--color=never`. */
  bare?: unknown
  /** With `bare`: its value may be the next word as well, unless that begins with a dash or a plus: lsof's `-i :80`. */
  detached?: boolean
  /** Help where the field's own description doesn't fit. */
  help?: string
  /** Turns the word into the field's value; may read a file that the word names. `previous` is what the field holds so far. */
  parse?(word: string, previous: unknown, files: WordFiles): unknown
}

/** What a shell offers for a word when Tab is pressed: those listed, and what it finds where it runs. */
export interface Offer {
  words?: readonly string[]
  /** `data` is curl's `@FILE`, `server` dig's `@SERVER`. */
  find?: readonly ('file' | 'data' | 'host' | 'server' | 'url' | 'pid' | 'user')[]
  /** Several, with commas between. */
  list?: boolean
}

/** Files and standard input that words of a command line name (`@file`, `-`): read by the CLI alone, never for the API. */
export interface WordFiles {
  read(path: string): Promise<Uint8Array>
}

/** Fields filled so far while a command line is read: input and view together. */
export type Draft = Fields

/** What the command line of one word looks like. `ditty NAME` has one too, made from the schema. */
export interface Grammar {
  usage: string
  /** Paragraphs for its help where the tool's own would not be true of this word: examples, exit statuses. */
  description?: string
  flags: Flag[]
  /** Long flags also work with one dash, as nslookup's `-type=mx` does; then short flags can't be clustered. */
  singleDash?: boolean
  /** Where a run by this word starts from, before its flags: `{ count: 0 }`. */
  defaults?: Draft
  /** Takes a word that is no flag. Default: the fields named by `positional`, in order. */
  operand?(word: string, draft: Draft, index: number): void
  /** Takes a word with one dash that is no flag, and says so: kill's `-HUP`, and its `-123` for a process group. */
  dashed?(word: string, draft: Draft): boolean
  /** What completion offers for words that are no flag. Default: what their field does. */
  operands?: Offer
  /** The same behind such a word: ss's `state`. */
  offersAfter?: Record<string, Offer>
  /** Last look at the draft, where one flag's meaning depends on another's. Throws ToolError `invalid_input`. */
  finish?(draft: Draft): void
}

/** Where text goes. */
export interface Screen {
  colour: boolean
  /** Width in cells; 80 when it isn't a terminal. */
  columns: number
  isTerminal: boolean
}

/** Plain strings and bytes go to stdout. A file is created at its first chunk and only because the user named it. */
export type Chunk = string | Uint8Array | { stderr: string } | { file: string; data: Uint8Array }

/** Called for each event in order; a table may be kept back until the summary. */
export type Renderer<Event> = (event: Event) => Chunk | Chunk[] | undefined

/** How a run ended, for exit statuses that scripts know from the tool we stand in for. */
export interface End<Event> {
  outcome?: Outcome
  summary?: Extract<Event, { type: 'summary' }>
  error?: ToolError
}

/** A word that fingers know: the same tool under another command line, wording and exit status. */
export interface Applet<Input, View, Event> extends Grammar {
  /** One line for its help; default: the tool's. */
  summary?: string
  text?(input: Input, view: View, screen: Screen): Renderer<Event>
  /** On a terminal a screen with keys in place of the text, unless the view asks for none (`undefined`). */
  live?(stage: Stage<Input, View, never>): Promise<LiveScreen<Event> | undefined>
  exitStatus?(end: End<Event>): number | undefined
}

/** Whether a tool can work here; if not, which capability, UID or setting is missing and how to grant it. */
export type Availability = { available: true; note?: string } | { available: false; reason: string; remedy: string }

/**
 * A tool, defined once and shown through every face. `run` never prints, exits, reads the environment or opens /proc by
 * itself; it yields what it finds, and a summary last.
 */
export interface Tool<
  Input extends ObjectSchema = ObjectSchema,
  Event extends EventSchema = EventSchema,
  View extends ObjectSchema = ObjectSchema,
  Context extends RunContext = RunContext,
> {
  name: string
  summary: string
  /** Paragraphs for `--help`: what it shows that others don't, examples. */
  description?: string
  input: Input
  /** What changes only the wording, never the run (`-q`, `+short`): flags fill it, the API doesn't know it. */
  view: View
  /** A union over `type`; the last event of a run has the type `summary`. */
  event: Event
  /** Fields that words without a flag fill, in order; a last one that is an array takes the rest. */
  positional: string[]
  flags: Flag[]
  /** Takes words without a flag where `positional` can't: dig's `@server`. */
  operand?(word: string, draft: Draft, index: number): void
  /** What completion offers for words without a flag where the schema can't tell. */
  operands?: Offer
  /** The same for values of a field, whatever flag fills it, where neither its choices nor its metavar tell. */
  offers?: Record<string, Offer>
  applets: Record<string, Applet<z.output<Input>, z.output<View>, z.output<Event>>>
  /** Ctrl-C asks for the summary instead of cancelling. */
  stoppable?: boolean
  /** Whether this input changes nothing outside: only such runs are reached by GET. Default: none does. */
  readOnly?(input: z.output<Input>): boolean
  available?(context: Context): Promise<Availability>
  /** Several events at once where they come in floods: each portion then costs what else each event does. */
  run(input: z.output<Input>, context: Context): AsyncGenerator<Portion<z.output<Event> | Payload>>
  outcome(summary: Extract<z.output<Event>, { type: 'summary' }>, input: z.output<Input>): Outcome
  text(input: z.output<Input>, view: z.output<View>, screen: Screen): Renderer<z.output<Event> | Payload>
}

export type Portion<Event> = Event | readonly Event[]

/** Gives a tool's parts their types from its schemas. */
export function defineTool<
  Input extends ObjectSchema,
  Event extends EventSchema,
  View extends ObjectSchema,
  Context extends RunContext,
>(tool: Tool<Input, Event, View, Context>): Tool<Input, Event, View, Context> {
  return tool
}

/** A tool before it is loaded: enough to route a word to it. */
export interface ToolEntry<Context extends RunContext = RunContext> {
  name: string
  /** The words that lead to it beside `ditty NAME`; a test holds them equal to the tool's own. */
  applets: readonly string[]
  /**
   * Those of them that scripts know from everywhere (`ls`, `grep`), or that also change what we only read (`dpkg`): on PATH such a
   * word is the system's own program where there is one, which starts at once and knows every flag, unless `--target`, `--json` or
   * `--help` stands behind it. `ditty WORD` is always ours.
   */
  shared?: readonly string[]
  load(): Promise<Tool<ObjectSchema, EventSchema, ObjectSchema, Context>>
}

export type Registry<Context extends RunContext = RunContext> = readonly ToolEntry<Context>[]
