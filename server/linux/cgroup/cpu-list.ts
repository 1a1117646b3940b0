/** How many `0-3,8` are; null for something else. */
export function countCpus(list: string): number | null {
  let count = 0
  for (const range of list.split(',')) {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? []
    if (first === undefined) return null
    count += Number(last ?? first) - Number(first) + 1
  }
  return count
}
