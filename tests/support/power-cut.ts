import type { TrackStore } from '../../src-main/store/model'
import { sampleMeta, sampleTrack } from './fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from './memory-file-port'
import { openAfterCrash, storeNumber } from './store-history'

const STREAMS = 3
const SEGMENTS = 8

/** A disk at one moment, and how many segments of each stream had been begun by then. */
interface Moment {
  readonly files: MemoryFilePort
  readonly begun: readonly number[]
}

/**
 * Records streams side by side, each one segment after the other, and cuts the power behind each operation.
 * @returns the most segments of one stream that had been begun and are not there afterwards.
 */
export async function mostLostPerStream(): Promise<number> {
  const files = createMemoryFilePort()
  const begun = Array.from({ length: STREAMS }, () => 0)
  const moments: Moment[] = []
  const library = await openAfterCrash(files)
  const ids: string[] = []
  const tracks: TrackStore[] = []
  for (let stream = 0; stream < STREAMS; stream += 1) {
    const recording = await library.create(sampleMeta)
    ids.push(recording.id)
    tracks.push(await recording.addTrack(sampleTrack))
  }
  files.after = () => moments.push({ files: files.crash('unsynced-lost'), begun: [...begun] })
  await Promise.all(
    tracks.map(async (track, stream) => {
      for (let number = 0; number < SEGMENTS; number += 1) {
        begun[stream] = number + 1
        await storeNumber(track, number)
      }
    }),
  )
  let most = 0
  for (const moment of moments) {
    const after = await openAfterCrash(moment.files, 2)
    for (const [stream, id] of ids.entries()) {
      const stored = after.get(id)?.figures.segments ?? 0
      most = Math.max(most, (moment.begun[stream] ?? 0) - stored)
    }
    await after.close()
  }
  return most
}
