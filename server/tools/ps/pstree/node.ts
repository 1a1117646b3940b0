import type { ListedProcess } from '../../processes/schema.ts'
import type { PsThread, PsView } from '../schema.ts'

/** A process, or a thread of one, with what stands below it. */
export interface TreeNode {
  id: number
  /** `{name}` of a thread. */
  name: string
  pgid: number
  uid: number
  user: string
  isThread: boolean
  /** Words after the first; undefined for what has no command line: a kernel thread, a zombie. */
  words: string[] | undefined
  children: TreeNode[]
  parent: TreeNode | undefined
  /** Equal for what would be drawn the same. */
  shape: number
}

/** Makes trees of processes as they come, each followed by its threads. */
export class TreeBuilder {
  readonly #view: PsView
  readonly #nodes = new Map<number, TreeNode>()
  readonly #parents = new Map<TreeNode, number>()
  #last: TreeNode | undefined

  constructor(view: PsView) {
    this.#view = view
  }

  addProcess({ pid, ppid, pgid, uid, user, comm, cmdline = [] }: ListedProcess): void {
    const node: TreeNode = {
      id: pid,
      name: comm,
      pgid,
      uid,
      user,
      isThread: false,
      words: cmdline.length > 0 ? cmdline.slice(1) : undefined,
      children: [],
      parent: undefined,
      shape: 0,
    }
    this.#last = node
    this.#nodes.set(pid, node)
    this.#parents.set(node, ppid)
  }

  addThread({ tid, comm }: PsThread): void {
    const process = this.#last
    if (!process) return
    const name = `{${this.#view.threadNames ? comm : process.name}}`
    process.children.push({ ...process, id: tid, name, isThread: true, words: [], children: [], parent: process })
  }

  /** Those whose parent isn't among them, in order of pid, with all that came from them below. */
  grow(): TreeNode[] {
    const roots: TreeNode[] = []
    for (const [node, ppid] of this.#parents) {
      const parent = ppid === node.id ? undefined : this.#nodes.get(ppid)
      node.parent = parent
      if (parent) parent.children.push(node)
      else roots.push(node)
    }
    for (const node of bottomUp(roots)) this.#finish(node)
    return roots
  }

  readonly #shapes = new Map<string, number>()

  #finish(node: TreeNode): void {
    node.children.sort(this.#view.byPid ? byId : byName)
    const user = this.#view.showUsers ? node.uid : ''
    const key = [node.children.map(({ shape }) => shape), user, node.name].join('/')
    node.shape = this.#shapes.get(key) ?? this.#shapes.size
    this.#shapes.set(key, node.shape)
  }
}

const byId = (a: TreeNode, b: TreeNode) => a.id - b.id

/** As bytes compare, and of the same name by user. */
function byName(a: TreeNode, b: TreeNode): number {
  if (a.name === b.name) return a.uid - b.uid || byId(a, b)
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))
}

/** Children before their parents, without recursion: a chain of 30,000 shells must not overflow our stack. */
function bottomUp(roots: readonly TreeNode[]): TreeNode[] {
  const order = [...roots]
  for (const node of order) order.push(...node.children)
  return order.reverse()
}
