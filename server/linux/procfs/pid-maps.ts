import type { Linux } from '../linux.ts'

/**
 * Files that a process has mapped, each once, in the order of their addresses; a newline in a name stands as `\012`. Ptrace-checked.
 * Source: show_map_vma(), fs/proc/task_mmu.c.
 */
export function parseMappedFiles(text: string): string[] {
  const found = new Set<string>()
  for (const line of text.split('\n')) {
    const slash = line.indexOf('/')
    if (slash > 0) found.add(line.slice(slash))
  }
  return [...found]
}

export const readMappedFiles = (linux: Linux, pid: number) =>
  parseMappedFiles(linux.read(`/proc/${pid}/maps`).toString('utf8'))
