import type { PsInput, PsProcess } from './schema.ts'

/** The chosen, with all that came from them and all that they came from, as far as the input asks for either; in order of pid. */
export function withKin(
  chosen: PsProcess[],
  all: readonly PsProcess[],
  { descendants, ancestors }: PsInput,
): PsProcess[] {
  if (!descendants && !ancestors) return chosen
  const found = new Set(chosen)
  if (descendants) {
    const children = Map.groupBy(all, ({ ppid }) => ppid)
    for (const { pid } of found) for (const child of children.get(pid) ?? []) found.add(child)
  }
  if (ancestors) for (const parent of parentsOf(chosen, all)) found.add(parent)
  return all.filter(process => found.has(process))
}

function* parentsOf(chosen: readonly PsProcess[], all: readonly PsProcess[]): Generator<PsProcess> {
  const byPid = new Map(all.map(process => [process.pid, process]))
  const seen = new Set<PsProcess>()
  for (const { ppid } of chosen)
    for (let parent = byPid.get(ppid); parent && !seen.has(parent); parent = byPid.get(parent.ppid)) {
      seen.add(parent)
      yield parent
    }
}
