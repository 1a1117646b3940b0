import { words } from '../words.ts'
import { closePanes } from './closing.ts'
import { stepShare } from './divider.ts'
import type { Command, Feature } from './feature.ts'
import { type Side, splitAround } from './layout.ts'
import { narrow } from './tab.ts'
import type { Workspace } from './workspace.ts'

const hasSplits = ({ tab }: Workspace) => (tab?.panes.length ?? 0) > 1 && !narrow.matches
const hasTabs = ({ tabs }: Workspace) => tabs.length > 1
const hasPane = ({ pane }: Workspace) => pane !== undefined

const focusTo = (side: Side, name: string): Command => ({
  group: 'panes',
  label: words.focus(side),
  keys: `Alt+Shift+${name}`,
  isOffered: workspace => workspace.neighbour(side) !== undefined,
  run(workspace) {
    const pane = workspace.neighbour(side)
    if (pane) workspace.focus(pane)
  },
})

const resizeTo = (direction: 'row' | 'column', sign: -1 | 1, name: string, label: string): Command => ({
  group: 'panes',
  label,
  keys: `Ctrl+Shift+${name}`,
  repeats: true,
  isOffered: ({ tab, pane }) =>
    !!tab && !!pane && !tab.isZoomed && splitAround(tab.layout, pane.key, direction) !== undefined,
  run: workspace => workspace.moveDivider(direction, sign * stepShare),
})

/** Tabs and splits. */
export const paneCommands: Feature = {
  commands: [
    { group: 'panes', label: words.newTab, keys: 'Alt+Shift+N', run: workspace => void workspace.openTab() },
    {
      group: 'panes',
      label: words.splitRight,
      keys: 'Alt+Shift+R',
      isOffered: hasPane,
      run: workspace => void workspace.split('row'),
    },
    {
      group: 'panes',
      label: words.splitDown,
      keys: 'Alt+Shift+D',
      isOffered: hasPane,
      run: workspace => void workspace.split('column'),
    },
    {
      group: 'panes',
      label: ({ tab }) => (tab?.isZoomed ? words.unzoom : words.zoom),
      keys: 'Alt+Shift+Z',
      isOffered: hasSplits,
      run: workspace => workspace.toggleZoom(),
    },
    focusTo('left', 'Left'),
    focusTo('right', 'Right'),
    focusTo('up', 'Up'),
    focusTo('down', 'Down'),
    resizeTo('row', -1, 'Left', words.moveDivider('left')),
    resizeTo('row', 1, 'Right', words.moveDivider('right')),
    resizeTo('column', -1, 'Up', words.moveDivider('up')),
    resizeTo('column', 1, 'Down', words.moveDivider('down')),
    {
      group: 'panes',
      label: words.nextTab,
      keys: 'Alt+Shift+PageDown',
      isOffered: hasTabs,
      run: workspace => workspace.turn(1),
    },
    {
      group: 'panes',
      label: words.previousTab,
      keys: 'Alt+Shift+PageUp',
      isOffered: hasTabs,
      run: workspace => workspace.turn(-1),
    },
    {
      group: 'panes',
      label: words.closePane,
      keys: 'Alt+Shift+W',
      isOffered: hasPane,
      run: workspace => workspace.pane && void closePanes(workspace, [workspace.pane]),
    },
  ],
}
