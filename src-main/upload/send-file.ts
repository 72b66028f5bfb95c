import { createHash } from 'node:crypto'
import type { FilePlan } from './file-plan'
import type { LocalFile } from './local-file'
import type { ObjectStore, StoredObject, StoredPart } from './object-store'

/** Does one thing with the store, as often as the load policy allows. */
export type Tried = <T>(what: () => Promise<T>) => Promise<T>

export interface Sending {
  readonly store: ObjectStore
  readonly key: string
  readonly plan: FilePlan
  readonly file: Pick<LocalFile, 'readPart'>
  readonly tried: Tried
  readonly signal: AbortSignal
  /** Bytes that the store has acknowledged; those that it had before are told apart. */
  readonly onStored: (bytes: number, had: 'now' | 'before') => void
}

/** Sends a file whole, or what the store lacks of it. That it arrived as it was is for `holdsPlan` to say. */
export async function sendFile(sending: Sending): Promise<void> {
  const { store, key, plan, file, tried, signal, onStored } = sending
  const [only, ...others] = plan.parts
  if (only !== undefined && others.length === 0) {
    const body = await file.readPart(only)
    await tried(() => store.put(key, { body, md5: only.md5 }, signal))
    onStored(only.bytes, 'now')
    return
  }
  const { uploadId, there } = await resumeOrBegin(sending)
  const stored: StoredPart[] = []
  for (const { number, bytes, md5, ...part } of plan.parts) {
    const before = there.get(number)
    if (before === undefined) {
      const body = await file.readPart({ number, bytes, md5, ...part })
      stored.push(await tried(() => store.putPart(key, { uploadId, number, body, md5 }, signal)))
    } else stored.push(before)
    onStored(bytes, before === undefined ? 'now' : 'before')
  }
  await tried(() => store.finish(key, uploadId, stored, signal))
}

/** The unfinished upload that holds most of this file, else a new one. What it holds is judged by its content, not by who sent it. */
async function resumeOrBegin({ store, key, plan, tried, signal }: Sending) {
  let best: { uploadId: string; there: ReadonlyMap<number, StoredPart> } | undefined
  for (const uploadId of await tried(() => store.unfinished(key, signal))) {
    const parts = await tried(() => store.parts(key, uploadId, signal))
    const there = new Map(parts.filter(isPlanned(plan)).map((part) => [part.number, part]))
    if (there.size > (best?.there.size ?? 0)) best = { uploadId, there }
  }
  return best ?? { uploadId: await tried(() => store.begin(key, signal)), there: new Map() }
}

const isPlanned =
  (plan: FilePlan) =>
  ({ number, bytes, etag }: StoredPart): boolean => {
    const planned = plan.parts[number - 1]
    return planned !== undefined && planned.bytes === bytes && planned.md5 === etag
  }

/**
 * Whether an object is the planned file, byte for byte. Where the store names it by something else than its content (encrypted with
 * keys of its own, put together in other parts), it is read back.
 */
export async function holdsPlan(
  { store, key, plan, signal }: Pick<Sending, 'store' | 'key' | 'plan' | 'signal'>,
  found: StoredObject,
): Promise<boolean> {
  if (found.bytes !== plan.bytes) return false
  if (found.etag === plan.etag) return true
  const parts = plan.parts.values()
  let part = parts.next().value
  let hash = createHash('md5')
  let left = part?.bytes ?? 0
  for await (const chunk of store.read(key, signal)) {
    for (let from = 0; from < chunk.byteLength; ) {
      const taken = chunk.subarray(from, from + left)
      hash.update(taken)
      from += taken.byteLength
      left -= taken.byteLength
      if (left > 0) continue
      if (part === undefined || hash.digest('hex') !== part.md5) return false
      part = parts.next().value
      if (part === undefined) return from === chunk.byteLength
      hash = createHash('md5')
      left = part.bytes
    }
  }
  return false
}
