import type { PsProcess } from './schema.ts'

interface Branch {
  process: PsProcess
  prefix: string
  /** What stands before the prefixes of its children. */
  below: string
}

/**
 * Orders children under their parents and draws the branches as procps does: ` \\_ ` at a child, ` |  ` beside later siblings.
 * Trees stand in reverse order of their parents' pids, as they do there: kernel threads before init.
 */
export function growForest(processes: readonly PsProcess[]): PsProcess[] {
  const pids = new Set(processes.map(({ pid }) => pid))
  const byParent = processes.toSorted((a, b) => a.ppid - b.ppid)
  const children = Map.groupBy(byParent, ({ pid, ppid }) => (ppid !== pid && pids.has(ppid) ? ppid : 0))
  const ordered: PsProcess[] = []
  // An explicit stack: a chain of 30,000 nested shells must not overflow ours.
  const stack: Branch[] = (children.get(0) ?? []).map(process => ({ process, prefix: '', below: '' }))
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { process, prefix, below } = top
    process.treePrefix = prefix
    ordered.push(process)
    const own = children.get(process.pid) ?? []
    for (const child of own.toReversed())
      stack.push({ process: child, prefix: `${below} \\_ `, below: below + (child === own.at(-1) ? '    ' : ' |  ') })
  }
  return ordered
}
