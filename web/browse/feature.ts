import { words } from '../words.ts'
import type { Feature } from '../workspace/feature.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { Drawer } from './drawer.ts'

let drawer: Promise<Drawer> | undefined

/** It comes from the server when it is first wanted. */
async function toggle(workspace: Workspace): Promise<void> {
  drawer ??= import('./drawer.ts').then(({ Drawer }) => new Drawer(() => workspace.pane?.focus()))
  try {
    ;(await drawer).toggle()
  } catch (error) {
    drawer = undefined
    const status = workspace.pane?.status
    status?.show(status.phase, words.browse.notLoaded(String((error as Error).message)))
  }
}

/** The files of a container, beside the terminal. */
export const browse: Feature = {
  commands: [
    {
      group: 'terminal',
      label: words.browse.entry,
      keys: 'Alt+Shift+F',
      run: workspace => void toggle(workspace),
    },
  ],
}
