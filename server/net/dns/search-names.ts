import { maxNameLength, type QueryName } from './query-name.ts'

/**
 * The names to try for one that was typed, in glibc's order (res_nsearch, resolv/res_query.c): as it stands first when it has
 * at least `ndots` dots, else after the whole search list. A name too long with its suffix is left out.
 */
export function searchNames({ name, absolute }: QueryName, search: readonly string[], ndots: number): string[] {
  if (absolute) return [name]
  const dots = name.split('.').length - 1
  const suffixed = search
    .map(domain => domain.replace(/\.$/, ''))
    .map(domain => (domain === '' ? name : `${name}.${domain}`))
    .filter(candidate => candidate.length <= maxNameLength)
  const ordered = dots >= ndots ? [name, ...suffixed] : [...suffixed, name]
  return [...new Set(ordered)]
}
