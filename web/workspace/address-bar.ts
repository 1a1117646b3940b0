import { addressName, keepTerminal } from '../address.ts'
import { listTerminals } from '../api/terminals.ts'
import type { Workspace } from './workspace.ts'

/** The address names the session that has the focus. Whether its name is the only one of its kind, the server knows. */
export function followAddress(workspace: Workspace): void {
  let shown = ''
  const show = async () => {
    const { id, info } = workspace.pane?.view ?? {}
    const now = `${id} ${info?.name}`
    const isOpening = id === undefined && workspace.tabs.length > 0
    if (now === shown || isOpening) return
    shown = now
    if (!info?.name || workspace.isGuest) return keepTerminal(id)
    const all = await listTerminals().catch(() => undefined)
    if (now === shown) keepTerminal(all ? addressName(info, all) : id)
  }
  workspace.onChange(() => void show())
}
