/** Lines kept above the screen by the server, and by the page unless a person chose more. Some 12 bytes a cell: 2 MB at 80 columns. */
export const scrollbackLines = 2_000

/**
 * Characters of a window title that are kept. Programs set titles of a command line's length; one set a title of a megabyte to
 * see what happens.
 */
export const maxTitleLength = 1_000

/** What of an xterm.js is asked here: no public name gives the parser, and to the public one a count can't be changed. */
interface Parser {
  registerCsiHandler(
    id: { final: string },
    handler: (sequence: { params: { [index: number]: number } }) => boolean,
  ): unknown
}

/** Repetitions of one character (REP) by one sequence: 65,536 fill a screen of 400 by 160. */
const maxRepetitions = 65_536

/**
 * xterm.js does what a program counts, up to 2^31 times: one sequence inserts lines for an hour, another asks for 8 GB. More than
 * the screen has lines or columns changes nothing, so the count is cut to that before the emulator sees it.
 */
export function boundCounts(terminal: { readonly cols: number; readonly rows: number }): void {
  const { _core: core } = terminal as unknown as { _core: { _inputHandler: { _parser: Parser } } }
  const bound = (final: string, most: () => number) =>
    core._inputHandler._parser.registerCsiHandler({ final }, ({ params }) => {
      params[0] = Math.min(params[0] ?? 0, most())
      return false
    })
  for (const final of ['L', 'M', 'S', 'T']) bound(final, () => terminal.rows)
  for (const final of ['I', 'Z']) bound(final, () => terminal.cols)
  bound('b', () => maxRepetitions)
}
