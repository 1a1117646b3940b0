/** One figure of ours beside a peer's, taken in turn on the same machine so that both see the same weather. */
export interface Contest {
  name: string
  unit: string
  /** Whether a smaller figure wins. */
  better: 'less' | 'more'
  rounds: number
  ours: Measure
  /** Who we are measured against; none where only an absolute figure counts. */
  peers: Record<string, Measure>
  /** What is made of all rounds' samples, a line of the table each. */
  figures: readonly Figure[]
}

/** One sample, or many of one round. */
export type Measure = () => Promise<number | number[]>

export interface Figure {
  percentile: number
  /** None where a figure is only shown. */
  goals: Goal[]
}

/** The figure to reach: as a ratio to a peer's, by default the first one's, or an absolute one in the contest's unit. */
export type Goal = { ratio: number; to?: string } | { absolute: number }

export const median = (...goals: Goal[]): Figure => ({ percentile: 50, goals })
export const p99 = (...goals: Goal[]): Figure => ({ percentile: 99, goals })

/** A contest whose contestants had to be set up (a server, sockets, processes) and must be taken down again. */
export interface Arena extends AsyncDisposable {
  contests: Contest[]
}

export interface Result {
  name: string
  unit: string
  percentile: number
  ours: number
  peers: Record<string, { figure: number; ratio: number }>
  goals: { bound: string; reached: boolean }[]
}

/** Runs the rounds, ours and each peer in turn, after one uncounted round unless a single one is enough, and compares. */
export async function hold(contest: Contest): Promise<Result[]> {
  const { rounds, ours, peers, figures } = contest
  const contestants = { ours, ...peers }
  const samples: Record<string, number[]> = Object.fromEntries(Object.keys(contestants).map(who => [who, []]))
  for (let round = rounds > 1 ? -1 : 0; round < rounds; round++) {
    for (const [who, measure] of Object.entries(contestants)) {
      const figure = await measure()
      if (round >= 0) samples[who]!.push(...[figure].flat())
    }
  }
  return figures.map(figure => judge(contest, figure, samples))
}

function judge({ name, unit, better, peers }: Contest, figure: Figure, samples: Record<string, number[]>): Result {
  const of = (who: string) => percentile(samples[who]!, figure.percentile)
  const ours = of('ours')
  const compared = Object.keys(peers).map(who => [who, { figure: of(who), ratio: ours / of(who) }] as const)
  const judgeGoal = (goal: Goal) => {
    const [bound, reached] =
      'ratio' in goal ? [goal.ratio, ours / of(goal.to ?? compared[0]![0])] : [goal.absolute, ours]
    const measure = 'absolute' in goal ? unit : `×${compared.length > 1 ? ` ${goal.to ?? compared[0]![0]}` : ''}`
    return {
      bound: `${better === 'less' ? '≤' : '≥'} ${bound} ${measure}`,
      reached: better === 'less' ? reached <= bound : reached >= bound,
    }
  }
  return {
    name,
    unit,
    percentile: figure.percentile,
    ours,
    peers: Object.fromEntries(compared),
    goals: figure.goals.map(judgeGoal),
  }
}

/** Between two samples the value is interpolated, so that 50 is the median. */
function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(at)]!
  return below + (sorted[Math.ceil(at)]! - below) * (at % 1)
}
