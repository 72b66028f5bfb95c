import { silentLogger, type Logger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import type { Library, TrackStore } from '../../src-main/store/model'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleTrack,
} from './fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from './memory-file-port'

/** Where libraries in memory are. */
export const root = '/library'

/** Opens the library in these files. */
export const openInMemory = (
  files: MemoryFilePort,
  options: { mode?: 'write' | 'read'; logger?: Logger; nowMs?: number; pid?: number } = {},
): Promise<Library> =>
  openLibrary({
    root,
    mode: options.mode ?? 'write',
    clock: createStillClock(options.nowMs),
    logger: options.logger ?? silentLogger,
    files,
    process: sampleProcess(options.pid ?? 1),
  })

/** Commits the segment of that number. */
export async function storeSample(track: TrackStore, number: number): Promise<void> {
  const temp = await track.createTemp()
  await temp.write(Buffer.from(`segment ${number}`))
  await track.commitSegment(temp, sampleSegment(number))
}

/** A library with one recording of three segments and a gap, closed. */
export async function filledLibrary(): Promise<{ files: MemoryFilePort; id: string }> {
  const files = createMemoryFilePort()
  const library = await openInMemory(files)
  const recording = await library.create(sampleMeta)
  const track = await recording.addTrack(sampleTrack)
  for (const number of [0, 1, 2]) await storeSample(track, number)
  await track.appendGap(sampleGap(3))
  await library.close()
  return { files, id: recording.id }
}
