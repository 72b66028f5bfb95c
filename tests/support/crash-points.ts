import { type CrashMode, createMemoryFilePort, type MemoryFilePort } from './memory-file-port'
import { type Acknowledged, checkAcknowledged, checkGoesOn, storeHistory } from './store-history'

/** How the disk looks when the process, or the machine, stops behind one operation. */
interface CrashPoint {
  readonly files: MemoryFilePort
  /** So many rows had been acknowledged. */
  readonly count: number
}

/** Every way in which a crash of this mode leaves the disk at this moment: a write may be torn behind each of its blocks. */
function imagesOf(files: MemoryFilePort, mode: CrashMode): MemoryFilePort[] {
  if (mode !== 'torn') return [files.crash(mode)]
  const written = files.lastWriteBytes
  const kept = Array.from({ length: Math.ceil(written / 512) }, (_, at) => at * 512)
  return [...new Set([...kept, written >> 1])].map((bytes) => files.crash(mode, bytes))
}

/**
 * Crashes a history of the store behind each of its operations, opens what is left each time, checks that nothing
 * acknowledged is lost, and stores one more segment.
 * @returns how many crashes there were, and what went wrong in which.
 */
export async function crashEverywhere(
  mode: CrashMode,
): Promise<{ readonly points: number; readonly acknowledged: number; readonly failures: Error[] }> {
  const acknowledged: Acknowledged[] = []
  const files = createMemoryFilePort()
  const points: CrashPoint[] = []
  const take = (): void => {
    const count = acknowledged.length
    points.push(...imagesOf(files, mode).map((image) => ({ files: image, count })))
  }
  files.after = take
  await storeHistory(files, acknowledged)
  take()
  const failures: Error[] = []
  for (const point of points) {
    try {
      const library = await checkAcknowledged(point.files, acknowledged.slice(0, point.count))
      await checkGoesOn(point.files, library)
      await library.close()
    } catch (cause) {
      failures.push(new Error(`${mode}, behind ${point.count} rows`, { cause }))
    }
  }
  return { points: points.length, acknowledged: acknowledged.length, failures }
}

/**
 * Lets one operation after the other of a history fail, checks each time that what was acknowledged before survives a
 * power cut (for EPERM: a kill), that no failed fsync is tried again, and that the failure was told as one of the disk.
 * @param lasting from that operation on, all fail; else only that one.
 * @returns how many operations there were, and what went wrong in which.
 */
export async function failEverywhere(
  errno: string,
  { lasting }: { readonly lasting: boolean },
): Promise<{ readonly operations: number; readonly failures: Error[] }> {
  const counted = createMemoryFilePort()
  await storeHistory(counted, [])
  const failures: Error[] = []
  for (let failing = 1; failing <= counted.operations; failing += 1) {
    try {
      await failAt({ failing, errno, lasting })
    } catch (cause) {
      failures.push(new Error(`${errno} at operation ${failing}`, { cause }))
    }
  }
  return { operations: counted.operations, failures }
}

async function failAt(options: {
  readonly failing: number
  readonly errno: string
  readonly lasting: boolean
}): Promise<void> {
  const { failing, errno, lasting } = options
  const acknowledged: Acknowledged[] = []
  const files = createMemoryFilePort()
  /** Open files whose fsync has failed. */
  const lost = new Set<number>()
  files.before = ({ number, name, handle, path }) => {
    if (name === 'sync' && handle !== undefined && lost.has(handle)) {
      throw new Error(`fsync was tried again on ${path}`)
    }
    const fails = lasting ? number >= failing : number === failing
    if (fails && name === 'sync' && handle !== undefined) lost.add(handle)
    return fails ? errno : undefined
  }
  const outcome = await storeHistory(files, acknowledged).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  const code = errno === 'ENOSPC' ? 'disk_full' : 'library_unwritable'
  if (outcome !== undefined && (outcome as { code?: unknown }).code !== code) throw outcome
  files.before = () => undefined
  // What a group still had under way may be acknowledged later than this.
  const before = [...acknowledged]
  // A file system that answers a folder's fsync with EPERM has none: names may go with the power, not with the process (F41).
  const image = files.crash(errno === 'EPERM' ? 'applied' : 'unsynced-lost')
  const library = await checkAcknowledged(image, before)
  await checkGoesOn(image, library)
  await library.close()
}
