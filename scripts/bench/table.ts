import type { Result } from './contest.ts'

const figure = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2))

/** One line of the table, printed as soon as its contest is over. */
export function print({ name, unit, ours, peers, goal, reached }: Result): void {
  const against = Object.entries(peers).map(
    ([who, { median, ratio }]) => `${who} ${figure(median)} (${ratio.toFixed(2)} ×)`,
  )
  const cells = [name.padEnd(34), `${figure(ours)} ${unit}`.padEnd(14), against.join(', ').padEnd(44), goal.padEnd(12)]
  console.log(`${cells.join('  ')}  ${reached ? 'reached' : 'MISSED'}`)
}
