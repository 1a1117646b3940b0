import type { Command } from './feature.ts'
import { isPressed } from './keys.ts'
import type { Workspace } from './workspace.ts'

/** What can be done as things stand. */
export const offered = (workspace: Workspace): Command[] =>
  workspace.features
    .flatMap(({ commands = [] }) => commands)
    .filter(
      ({ forGuests, isOffered }) =>
        (forGuests || !workspace.isGuest) && (isOffered === undefined || isOffered(workspace)),
    )

export const labelOf = ({ label }: Command, workspace: Workspace): string =>
  typeof label === 'string' ? label : label(workspace)

/** Before the emulator sees a key, it is looked for among the commands; while a dialog is open, none is run. */
export function listenForKeys(workspace: Workspace): void {
  addEventListener(
    'keydown',
    event => {
      if (!(event.ctrlKey || event.altKey) || document.querySelector('dialog[open]')) return
      const command = offered(workspace).find(({ keys }) => keys !== undefined && isPressed(keys, event))
      if (!command) return
      event.preventDefault()
      event.stopPropagation()
      if (!event.repeat || command.repeats) command.run(workspace)
    },
    { capture: true },
  )
}
