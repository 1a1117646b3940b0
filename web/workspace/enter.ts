import { ApiError } from '../api/client.ts'
import { type ContainerInfo, listContainers } from '../api/containers.ts'
import { createTerminal } from '../api/terminals.ts'
import { element } from '../page/element.ts'
import { openSheet } from '../page/sheet.ts'
import { words } from '../words.ts'
import type { Feature } from './feature.ts'
import type { Workspace } from './workspace.ts'

/** The containers beside ditty's own: one is entered in a new tab. */
async function openContainers(workspace: Workspace): Promise<void> {
  let then = () => {}
  const list = element('ul', { class: 'sessions' })
  const sheet = openSheet({ title: words.containers, kind: 'session-sheet', onClosed: () => then() }, list)
  const enter = (container: ContainerInfo) => {
    then = () => void enterContainer(workspace, container)
    sheet.close()
  }
  list.append(...(await rowsOf(enter)))
}

async function rowsOf(enter: (container: ContainerInfo) => void): Promise<HTMLElement[]> {
  const answer = await listContainers().catch((error: unknown) => error)
  if (answer instanceof ApiError) return [empty(answer.message)]
  const { containers, notes } = answer as Awaited<ReturnType<typeof listContainers>>
  const others = containers.filter(({ kind }) => kind === 'container' || kind === 'namespace')
  if (others.length > 0) return others.map(container => rowOf(container, () => enter(container)))
  return [empty(words.noContainers), ...notes.map(({ remedy }) => empty(remedy))]
}

const empty = (text: string) => element('li', { class: 'empty' }, text)

const labelOf = ({ name, id, kind }: ContainerInfo) => name ?? id?.slice(0, 12) ?? kind

function rowOf(container: ContainerInfo, enter: () => void): HTMLElement {
  const { id, name, runtime, processes } = container
  const facts = [runtime, name && id?.slice(0, 12), words.processes(processes)].filter(Boolean).join(' · ')
  const open = element(
    'button',
    { type: 'button', class: 'session-open' },
    element('span', { class: 'session-title' }, labelOf(container)),
    element('span', { class: 'session-facts' }, facts),
  )
  open.addEventListener('click', enter)
  return element('li', { class: 'session' }, open)
}

/** `ditty enter` is a command as any other; what it is denied it says on its terminal. Where none can be had, the new tab says why. */
async function enterContainer(workspace: Workspace, container: ContainerInfo): Promise<void> {
  const target = container.name ?? container.id
  const command = ['ditty', 'enter', ...(target === null ? [] : ['--target', target])]
  const size = workspace.pane?.screen.size ?? { cols: 80, rows: 24 }
  const session = await createTerminal(size, { command, name: labelOf(container) }).catch(() => undefined)
  await workspace.openTab(session ? { session } : {})
}

export const enter: Feature = {
  commands: [{ group: 'terminal', label: words.enterEntry, run: workspace => void openContainers(workspace) }],
}
