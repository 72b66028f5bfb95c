export interface Batcher<T, R> {
  /** Resolves with the item's own result. Items run in the order of the calls. */
  add(item: T): Promise<R>
  /** Resolves when everything added so far has settled. Never rejects. */
  idle(): Promise<void>
}

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (cause: unknown) => void
}

/**
 * One worker that takes everything that waits, up to `limit`, in one go: what costs the same for one
 * item as for fifty (an fsync) is paid once. `run` answers with one result per item, in order; when
 * it rejects, all of its items do.
 */
export function createBatcher<T, R>(options: {
  readonly limit: number
  readonly run: (items: readonly T[]) => Promise<readonly PromiseSettledResult<R>[]>
}): Batcher<T, R> {
  const waiting: Waiting<T, R>[] = []
  let worker: Promise<void> | undefined

  const settle = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await options.run(batch.map(({ item }) => item))
      for (const [at, { resolve, reject }] of batch.entries()) {
        const result = results[at]
        if (result?.status === 'fulfilled') resolve(result.value)
        else reject(result?.reason ?? new Error('a batch left an item without result'))
      }
    } catch (cause) {
      for (const { reject } of batch) reject(cause)
    }
  }
  const work = async (): Promise<void> => {
    while (waiting.length > 0) await settle(waiting.splice(0, options.limit))
    worker = undefined
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        worker ??= Promise.resolve().then(work)
      }),
    async idle() {
      while (worker !== undefined) await worker
    },
  }
}
