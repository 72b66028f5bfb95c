export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = low] =
    sorted.length % 2 === 0
      ? [sorted[middle - 1], sorted[middle]]
      : [sorted[middle], sorted[middle]]
  return (low + high) / 2
}

/** The value below which that part (0..1) of all values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** The slope of the line that fits the points best (least squares). */
export function slopePerHour(
  points: readonly { readonly hour: number; readonly value: number }[],
): number {
  const mean = (of: (point: { hour: number; value: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const hour = mean((point) => point.hour)
  const value = mean((point) => point.value)
  const spread = mean((point) => (point.hour - hour) ** 2)
  return mean((point) => (point.hour - hour) * (point.value - value)) / spread
}

export type Clock = 'wall' | 'cpu'

/** Milliseconds that `work` takes, on the wall or of this process's user and system time. */
export async function timed(clock: Clock, work: () => unknown): Promise<number> {
  const startMs = performance.now()
  const cpu = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return clock === 'wall' ? performance.now() - startMs : (user + system) / 1000
}

/**
 * Runs every candidate once per round, in turn, so that a noisy machine is equally unfair to all.
 * @returns medians in milliseconds, after one round that only warms up.
 */
export async function interleaved<K extends string>(options: {
  readonly rounds: number
  readonly clock: Clock
  readonly candidates: Readonly<Record<K, () => unknown>>
}): Promise<Record<K, number>> {
  // the keys of a literal are what its type says
  const names = Object.keys(options.candidates) as K[]
  const figures = new Map<K, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const name of names) {
      const ms = await timed(options.clock, options.candidates[name])
      if (round > 0) figures.get(name)?.push(ms)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(figures.get(name) ?? [])])) as Record<
    K,
    number
  > // built from exactly these names
}
