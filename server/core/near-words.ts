/** Of the words there are, those that a mistyped one may have meant, the nearest first: at most three, a third of their letters apart. */
export function nearWords(typed: string, words: readonly string[]): string[] {
  return words
    .map(word => ({ word, edits: editsBetween(typed.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, edits }) => edits <= Math.max(1, Math.floor(word.length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ word }) => word)
}

/** Letters to insert, delete, change or swap with their neighbour: the optimal string alignment distance. */
function editsBetween(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const changed = from[i - 1] === to[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const edits = [row[j - 1]! + 1, rows[i - 1]![j]! + 1, rows[i - 1]![j - 1]! + changed]
      row.push(Math.min(...edits, swapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY))
    }
    rows.push(row)
  }
  return rows[from.length]![to.length]!
}
