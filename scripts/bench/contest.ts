/** One figure of ours beside a peer's, taken in turn on the same machine so that both see the same weather. */
export interface Contest {
  name: string
  unit: string
  /** Whether a smaller figure wins. */
  better: 'less' | 'more'
  rounds: number
  ours: () => Promise<number>
  /** Who we are measured against; none where only an absolute figure counts. */
  peers: Record<string, () => Promise<number>>
  /** The figure to reach: as a ratio to the first peer, or as an absolute one in `unit`. */
  goal: { ratio: number } | { absolute: number }
}

/** A contest whose contestants had to be set up (a server, sockets, processes) and must be taken down again. */
export interface Arena extends AsyncDisposable {
  contests: Contest[]
}

export interface Result {
  name: string
  unit: string
  ours: number
  peers: Record<string, { median: number; ratio: number }>
  goal: string
  reached: boolean
}

/** Runs the rounds, ours and each peer in turn after one uncounted round, and compares medians. */
export async function hold({ name, unit, better, rounds, ours, peers, goal }: Contest): Promise<Result> {
  const contestants = { ours, ...peers }
  const samples: Record<string, number[]> = Object.fromEntries(Object.keys(contestants).map(who => [who, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [who, measure] of Object.entries(contestants)) {
      const figure = await measure()
      if (round >= 0) samples[who]!.push(figure)
    }
  }
  const our = median(samples.ours!)
  const compared = Object.keys(peers).map(who => [who, median(samples[who]!)] as const)
  const against = compared.map(([who, theirs]) => [who, { median: theirs, ratio: our / theirs }] as const)
  const bound = 'ratio' in goal ? goal.ratio : goal.absolute
  const figure = 'ratio' in goal ? against[0]![1].ratio : our
  return {
    name,
    unit,
    ours: our,
    peers: Object.fromEntries(against),
    goal: `${better === 'less' ? '≤' : '≥'} ${bound}${'ratio' in goal ? ' ×' : ` ${unit}`}`,
    reached: better === 'less' ? figure <= bound : figure >= bound,
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
