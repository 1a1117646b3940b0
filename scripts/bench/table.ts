import type { Result } from './contest.ts'

const figure = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2))

/** One line of the table, printed as soon as its contest is over. */
export function print({ name, unit, percentile, ours, peers, goals }: Result): void {
  const title = percentile === 50 ? name : `${name}, p${percentile}`
  const against = Object.entries(peers).map(
    ([who, peer]) => `${who} ${figure(peer.figure)} (${peer.ratio.toFixed(2)} ×)`,
  )
  const cells = [title.padEnd(34), `${figure(ours)} ${unit}`.padEnd(14), against.join(', ').padEnd(44)]
  const verdicts = goals.map(({ bound, reached }) => `${bound} ${reached ? 'reached' : 'MISSED'}`)
  console.log([...cells, verdicts.join(', ')].join('  ').trimEnd())
}
