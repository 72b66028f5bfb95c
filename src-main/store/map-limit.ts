/** Runs `work` over all items, at most `limit` at once; results in the order of the items. Rejects with the first failure. */
export async function mapLimit<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>()
  const entries = items.entries()
  const run = async (): Promise<void> => {
    for (const [at, item] of entries) results.set(at, await work(item))
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run))
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
}
