import { element } from '../page/element.ts'
import { words } from '../words.ts'
import type { Feature } from './feature.ts'
import type { Pane } from './pane.ts'
import type { Workspace } from './workspace.ts'

/** Opened once and then only shown again, with what was looked for before. */
const bars = new WeakMap<Pane, Promise<{ show(): void }>>()

/** The search itself comes from the server when it is first wanted. */
async function openSearch({ pane }: Workspace): Promise<void> {
  if (!pane) return
  const bar = bars.get(pane) ?? import('./search-bar.ts').then(({ SearchBar }) => new SearchBar(pane))
  bars.set(pane, bar)
  try {
    const { show } = await bar
    show()
  } catch {
    bars.delete(pane)
    pane.status.setChip('search', element('span', {}, words.searchFailed))
  }
}

export const search: Feature = {
  commands: [
    {
      group: 'terminal',
      label: words.findEntry,
      keys: 'Ctrl+Shift+F',
      forGuests: true,
      isOffered: ({ pane }) => pane !== undefined,
      run: workspace => void openSearch(workspace),
    },
  ],
}
