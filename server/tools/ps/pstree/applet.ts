import { ToolError } from '../../../core/errors.ts'
import type { Applet, Chunk, Draft, Flag, Renderer, Screen } from '../../../core/tool.ts'
import { targetFlag } from '../../target.ts'
import type { PsEvent, PsInput, PsView } from '../schema.ts'
import { drawTree } from './draw.ts'
import { TreeBuilder, type TreeNode } from './node.ts'
import { symbols } from './symbols.ts'

const flags: Flag[] = [
  { field: 'showArguments', short: 'a', long: 'arguments' },
  { field: 'lines', short: 'A', long: 'ascii', value: 'ascii', help: 'Draw with ASCII characters' },
  { field: 'compact', short: 'c', long: 'compact-not', value: false, help: 'Draw each of those that are the same' },
  { field: 'showPgids', short: 'g', long: 'show-pgids' },
  { field: 'lines', short: 'G', long: 'vt100', value: 'vt100', help: "Draw with a VT100's line characters" },
  {
    field: 'highlight',
    short: 'h',
    long: 'highlight-all',
    value: process.pid,
    help: 'This process and those it came from stand out',
  },
  { field: 'highlight', short: 'H', long: 'highlight-pid', metavar: 'PID' },
  { field: 'wide', short: 'l', long: 'long', help: 'Lines as long as they are' },
  { field: 'byPid', short: 'n', long: 'numeric-sort' },
  { field: 'showPids', short: 'p', long: 'show-pids' },
  { field: 'ancestors', short: 's', long: 'show-parents', help: 'Also those it came from' },
  { field: 'threadNames', short: 't', long: 'thread-names' },
  { field: 'threads', short: 'T', long: 'hide-threads', value: false, help: 'No threads' },
  { field: 'showUsers', short: 'u', long: 'uid-changes' },
  { field: 'lines', short: 'U', long: 'unicode', value: 'unicode', help: 'Draw with line characters of Unicode' },
  targetFlag,
]

/** pstree of psmisc. */
export const pstree: Applet<PsInput, PsView, PsEvent> = {
  usage: 'pstree [flags] [PID | USER]',
  summary: 'Processes as a tree, as pstree(1) shows them',
  description: `
Without a word, all trees there are: that of pid 1, and those whose parent isn't visible here, which in a pod are all that
kubectl exec and kubectl debug have started. Threads stand in braces; what is the same is drawn once, with a count.

  pstree -pa
  pstree -T --target app
  pstree -spn 1234

Exit status: 0 shown; 1 nothing is there, or could not look.`,
  flags,
  defaults: { threads: true, descendants: true },
  operands: { find: ['pid', 'user'] },
  operand: readOperand,
  finish: finishDraft,
  text: renderTree,
  exitStatus({ error, summary }) {
    if (error) return error.code === 'cancelled' ? undefined : 1
    return summary?.processes === 0 || summary?.missing.length ? 1 : 0
  },
}

function readOperand(word: string, draft: Draft, index: number): void {
  if (index > 0) throw new ToolError('invalid_input', `one word too many: ${word} (usage: ${pstree.usage})`)
  if (/^\d+$/.test(word)) draft.pids = [Number(word)]
  else draft.users = [word]
}

function finishDraft(draft: Draft): void {
  if (draft.showArguments) draft.cmdline = true
  if (draft.showPids) draft.compact = false
}

/** As wide as psmisc takes a pipe to be. */
const pipeColumns = 132

function renderTree(input: PsInput, view: PsView, screen: Screen): Renderer<PsEvent> {
  const builder = new TreeBuilder(view)
  const lines = view.lines === 'auto' ? (screen.isTerminal ? 'unicode' : 'ascii') : view.lines
  const columns = view.wide ? Number.POSITIVE_INFINITY : screen.isTerminal ? screen.columns : pipeColumns
  return event => {
    if (event.type === 'process') builder.addProcess(event)
    if (event.type === 'thread') builder.addThread(event)
    if (event.type !== 'summary') return undefined
    const roots = shownRoots(builder.grow(), input)
    if (input.ancestors) for (const root of roots) leaveSingleWay(wayTo(root, input.pids?.[0]))
    const highlighted = new Set(roots.flatMap(root => wayTo(root, view.highlight)))
    const options = { view, symbols: symbols[lines], columns, highlighted }
    const missing = event.missing.map((pid): Chunk => ({ stderr: `pstree: no process ${pid} here\n` }))
    const none: Chunk[] = event.processes === 0 && missing.length === 0 ? [{ stderr: 'No processes found.\n' }] : []
    return [roots.map(root => drawTree(root, options)).join('\n'), ...missing, ...none]
  }
}

/** As in psmisc, what the kernel itself runs is shown only when asked for. */
const shownRoots = (roots: TreeNode[], { pids, users, target }: PsInput) =>
  pids || users || target ? roots : roots.filter(({ id, name }) => !(id === 2 && name === 'kthreadd'))

/** Those above the chosen one have no other children, and no threads. */
function leaveSingleWay(way: readonly TreeNode[]): void {
  for (const [at, node] of way.entries()) {
    const below = way[at + 1]
    if (below) node.children = [below]
  }
}

/** From the root to the process with this pid; none where it is in another tree. */
function wayTo(root: TreeNode, pid: number | undefined): TreeNode[] {
  if (pid === undefined) return []
  const nodes = [root]
  for (const node of nodes) {
    if (node.id !== pid) nodes.push(...node.children)
    else {
      const way: TreeNode[] = []
      for (let at: TreeNode | undefined = node; at; at = at.parent) way.unshift(at)
      return way
    }
  }
  return []
}
