import { describe, expect, it } from 'vitest'
import { createSegmentQueue } from '../../../../src-main/recorder/segments/segment-queue'

/** A job for each number that ends when the test says so. */
function manualJobs() {
  const started: number[] = []
  const finishers = new Map<
    number,
    { resolve: (value: string) => void; reject: (error: Error) => void }
  >()
  const run = (item: number) => {
    started.push(item)
    return new Promise<string>((resolve, reject) => finishers.set(item, { resolve, reject }))
  }
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    run,
    started,
    turn,
    finish: async (item: number) => {
      finishers.get(item)?.resolve(`r${item}`)
      await turn()
    },
    fail: async (item: number) => {
      finishers.get(item)?.reject(new Error(`failed ${item}`))
      await turn()
    },
  }
}

async function collect<T>(results: AsyncGenerator<readonly T[]>, into: T[]): Promise<void> {
  for await (const batch of results) into.push(...batch)
}

describe('createSegmentQueue', () => {
  it('hands results on in order, whatever order they come in', async () => {
    const jobs = manualJobs()
    const queue = createSegmentQueue({ parallel: () => 3, capacity: 10, run: jobs.run })
    const results: string[] = []
    const reading = collect(queue.results(), results)
    for (const item of [1, 2, 3]) await queue.push(item)
    await jobs.finish(3)
    await jobs.finish(2)
    expect(results).toEqual([])
    await jobs.finish(1)
    expect(results).toEqual(['r1', 'r2', 'r3'])
    queue.end({ finishWaiting: true })
    await reading
  })

  it('runs no more jobs at once than it may, and asks anew each time', async () => {
    const jobs = manualJobs()
    let parallel = 2
    const queue = createSegmentQueue({ parallel: () => parallel, capacity: 10, run: jobs.run })
    for (const item of [1, 2, 3, 4, 5]) await queue.push(item)
    expect(jobs.started).toEqual([1, 2])
    parallel = 3
    await jobs.finish(1)
    expect(jobs.started).toEqual([1, 2, 3, 4])
  })

  it('lets the pusher wait while it is full, finished items that wait for an earlier one included', async () => {
    const jobs = manualJobs()
    const queue = createSegmentQueue({ parallel: () => 2, capacity: 2, run: jobs.run })
    const results: string[] = []
    const reading = collect(queue.results(), results)
    await queue.push(1)
    await queue.push(2)
    let isIn = false
    const pushing = queue.push(3).then(() => (isIn = true))
    await jobs.finish(2)
    expect(isIn).toBe(false)
    await jobs.finish(1)
    await pushing
    expect(isIn).toBe(true)
    await jobs.finish(3)
    queue.end({ finishWaiting: true })
    await reading
    expect(results).toEqual(['r1', 'r2', 'r3'])
  })

  it('finishes what is under way and drops what has not begun', async () => {
    const jobs = manualJobs()
    const queue = createSegmentQueue({ parallel: () => 1, capacity: 3, run: jobs.run })
    const results: string[] = []
    const reading = collect(queue.results(), results)
    await queue.push(1)
    await queue.push(2)
    await queue.push(3)
    const refused = queue.push(4)
    queue.end({ finishWaiting: false })
    expect(await refused).toBe(false)
    await jobs.finish(1)
    await reading
    expect(results).toEqual(['r1'])
    expect(jobs.started).toEqual([1])
  })

  it('hands on what came before a failure, then rejects', async () => {
    const jobs = manualJobs()
    const queue = createSegmentQueue({ parallel: () => 3, capacity: 3, run: jobs.run })
    const results: string[] = []
    for (const item of [1, 2, 3]) await queue.push(item)
    await jobs.finish(1)
    await jobs.fail(2)
    await jobs.finish(3)
    await expect(collect(queue.results(), results)).rejects.toThrow('failed 2')
    expect(results).toEqual(['r1'])
  })
})
