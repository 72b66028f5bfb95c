import { isDeepStrictEqual } from 'node:util'
import { crc32 } from 'node:zlib'
import type { Clock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { parseCatalogue } from '../../src-main/store/catalogue'
import { openLibrary } from '../../src-main/store/library'
import type { FileRow, Library, Row, SegmentRow, TrackStore } from '../../src-main/store/model'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from './fault-store-samples'
import type { MemoryFilePort } from './memory-file-port'

/** A row that the store has promised to keep. */
export interface Acknowledged {
  readonly recordingId: string
  readonly trackId: string
  readonly row: Row
}

/** Short waits, as for a rename that is tried again, are over at once; the heartbeat of the lock is far away. */
function createHastyClock(): Clock {
  const still = createStillClock()
  return {
    ...still,
    sleep: (ms, signal) => (ms < 10_000 ? Promise.resolve() : still.sleep(ms, signal)),
  }
}

/** Opens the library in these files; the process that had it before, if any, is dead. */
export const openAfterCrash = (files: MemoryFilePort, pid = 1): Promise<Library> =>
  openLibrary({
    root: '/library',
    mode: 'write',
    clock: createHastyClock(),
    logger: silentLogger,
    files,
    process: sampleProcess(pid, new Set([pid])),
  })

const bodyOf = (number: number): Buffer => Buffer.alloc(700 + number * 97, number + 1)

/** Commits the segment of that number. */
export async function storeNumber(
  track: TrackStore,
  number: number,
  patch = {},
): Promise<SegmentRow> {
  const temp = await track.createTemp()
  await temp.write(bodyOf(number))
  return track.commitSegment(temp, sampleSegment(number, patch))
}

/** Everything the recorder does to the store, over a day's change, with two tracks and commits in groups. */
export async function storeHistory(
  files: MemoryFilePort,
  acknowledged: Acknowledged[],
): Promise<void> {
  const library = await openAfterCrash(files)
  const recording = await library.create(sampleMeta)
  const video = await recording.addTrack(sampleTrack)
  const audio = await recording.addTrack({ ...sampleTrack, id: 'a0', kind: 'audio' })
  await recording.writeResumeInfo({ inputUrl: 'https://example.com/?token=1', quality: 'best' })
  const note = async (track: TrackStore, row: Promise<Row>): Promise<void> => {
    const done = await row
    acknowledged.push({ recordingId: recording.id, trackId: track.info.id, row: done })
  }
  await note(
    video,
    video.appendDiscontinuity({
      epoch: 0,
      startMs: sampleStartMs,
      reason: 'epoch',
      mediaSequence: 100,
      clock: 'source',
    }),
  )
  const init = await video.createTemp()
  await init.write(Buffer.from('init section'))
  await note(video, video.commitInit(init, { epoch: 0, startMs: sampleStartMs, extension: 'mp4' }))
  await note(video, storeNumber(video, 0))
  await Promise.all([1, 2, 3].map((number) => note(video, storeNumber(video, number))))
  const gapping = video.appendGap(sampleGap(4))
  await Promise.all([note(video, gapping), note(audio, storeNumber(audio, 4))])
  const gap = await gapping
  const key = await video.commitKey(Buffer.alloc(16, 7), { epoch: 0, startMs: sampleStartMs })
  acknowledged.push({ recordingId: recording.id, trackId: 'v0', row: key })
  await note(video, storeNumber(video, 5, { keyIndex: key.index }))
  const late = await video.createTemp()
  await late.write(bodyOf(4))
  const place = { ...sampleSegment(4), gapIndex: gap.index, apart: false }
  await note(video, video.commitLate(late, place))
  await note(video, storeNumber(video, 6))
  await recording.update({ state: 'stopped' })
  await recording.writeResumeInfo(undefined)
  await library.close()
}

/**
 * The oracle of all crashes: every acknowledged row is there, its file under its name, bytes and checksum right, the catalogue
 * whole, and no temporary file left. Throws Error where it is not so.
 * @returns the library, opened anew.
 */
export async function checkAcknowledged(
  files: MemoryFilePort,
  acknowledged: readonly Acknowledged[],
): Promise<Library> {
  const catalogue = files.peek('/library/library.json')
  if (catalogue !== undefined && parseCatalogue(catalogue) === undefined) {
    throw new Error('the catalogue is broken')
  }
  const library = await openAfterCrash(files, 2)
  for (const { recordingId, trackId, row } of acknowledged) {
    const tracks = (await library.get(recordingId)?.tracks()) ?? []
    const track = tracks.find(({ info }) => info.id === trackId)
    const position = track?.index.positionOf(row.index)
    if (track === undefined || position === undefined) throw new Error(`row ${row.index} is lost`)
    const found = track.index.rowAt(position)
    // A gap may be filled by a row that was not acknowledged yet; it is never there beside what filled it.
    const isFilled = row.kind === 'gap' && found.kind === 'segment' && found.late !== undefined
    if (!isFilled && !isDeepStrictEqual(found, row)) {
      throw new Error(`row ${row.index} came back changed`)
    }
    if (hasFile(row)) checkFile(files, track, row)
  }
  for (const recording of library.list()) {
    for (const track of await recording.tracks()) checkEveryRow(files, track)
    const temps = files.names(`/library/recordings/${recording.id}/tmp`)
    if (temps.length > 0) throw new Error(`temporary files are left: ${temps.join(', ')}`)
  }
  return library
}

/** A library that was opened after a crash takes the next segment. */
export async function checkGoesOn(files: MemoryFilePort, library: Library): Promise<void> {
  const recording = library.list()[0] ?? (await library.create(sampleMeta))
  const [track = await recording.addTrack(sampleTrack)] = await recording.tracks()
  checkFile(files, track, await storeNumber(track, 9))
}

const hasFile = (row: Row): row is FileRow =>
  row.kind === 'segment' || row.kind === 'init' || row.kind === 'key'

function checkFile(files: MemoryFilePort, track: TrackStore, row: FileRow): void {
  const data = files.peek(track.pathOf(row))
  if (data === undefined) throw new Error(`row ${row.index} has no file`)
  if (data.length !== row.bytes || crc32(data) !== row.checksum) {
    throw new Error(`the file of row ${row.index} is damaged`)
  }
}

/** Rows that were not acknowledged may be there, but then whole as well: no row without its file. */
function checkEveryRow(files: MemoryFilePort, track: TrackStore): void {
  for (let at = 0; at < track.index.length; at += 1) {
    const row = track.index.rowAt(at)
    if (hasFile(row)) checkFile(files, track, row)
  }
}
