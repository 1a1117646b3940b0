import { endTerminal, readTerminal, type TerminalInfo } from '../api/terminals.ts'
import { ask } from '../page/ask.ts'
import { words } from '../words.ts'
import type { Pane } from './pane.ts'
import type { Workspace } from './workspace.ts'

/**
 * Closes panes and ends their sessions; asks first where a program runs or others look. Of a server that doesn't answer nothing
 * can be ended: its sessions are left.
 */
export async function closePanes(workspace: Workspace, panes: Pane[]): Promise<void> {
  const told = await Promise.all(panes.map(sessionOf))
  const sessions = told.filter(session => session !== undefined)
  const busy = sessions.filter(isBusy)
  const answer = busy.length === 0 ? 'end' : await askAbout(busy)
  if (answer === undefined) return
  if (answer === 'end') await Promise.allSettled(sessions.map(({ id }) => endTerminal(id)))
  for (const pane of panes) workspace.leave(pane)
}

/** Its session, where one still runs. */
async function sessionOf({ view }: Pane): Promise<TerminalInfo | undefined> {
  if (view.id === undefined || view.isOver) return undefined
  const session = await readTerminal(view.id).catch(() => undefined)
  return session?.running ? session : undefined
}

const othersOf = ({ viewers }: TerminalInfo) => viewers - 1
const isBusy = (session: TerminalInfo) => Boolean(session.foreground) || othersOf(session) > 0

function askAbout(busy: TerminalInfo[]): Promise<'end' | 'leave' | undefined> {
  const programs = busy.flatMap(({ foreground }) => foreground?.comm ?? [])
  const others = Math.max(...busy.map(othersOf))
  const title = programs.length > 0 ? words.stillRuns(programs) : words.othersLook(others)
  const text = others > 0 && programs.length > 0 ? `${words.othersLook(others)} ${words.leaveHelp}` : words.leaveHelp
  return ask(title, text, [
    { label: words.cancel, value: undefined },
    { label: words.endIt, value: 'end' },
    { label: words.leaveIt, value: 'leave', isMain: true },
  ])
}
