import type { CastHeader } from '../../protocol/asciicast.ts'
import type { TerminalSize } from '../../protocol/terminal-frames.ts'
import type { PtyCommand } from '../pty.ts'

/** Of the environment only what asciinema takes too: whoever gets the file shall learn nothing else. */
export function castHeader(command: PtyCommand, isShell: boolean, title: string, size: TerminalSize): CastHeader {
  const { TERM, SHELL } = command.environment
  return {
    ...size,
    type: TERM,
    timestamp: Math.floor(Date.now() / 1000),
    title,
    command: isShell ? undefined : [command.file, ...command.args].map(quoted).join(' '),
    env: SHELL === undefined ? undefined : { SHELL },
  }
}

/** As a shell would read it. */
const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
