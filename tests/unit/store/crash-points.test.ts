import { isDeepStrictEqual } from 'node:util'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import { openLibrary } from '../../../src-main/store/library'
import type { FileRow, Library, Row, SegmentRow, TrackStore } from '../../../src-main/store/model'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../support/fault-store-samples'
import {
  type CrashMode,
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../support/memory-file-port'

interface Acknowledged {
  readonly recordingId: string
  readonly trackId: string
  readonly row: Row
}

const open = (files: MemoryFilePort, pid = 1): Promise<Library> =>
  openLibrary({
    root: '/library',
    mode: 'write',
    clock: createStillClock(),
    logger: silentLogger,
    files,
    // After a crash the process before is dead.
    process: sampleProcess(pid, new Set([pid])),
  })

const bodyOf = (number: number): Buffer => Buffer.alloc(700 + number * 97, number + 1)

async function store(track: TrackStore, number: number, patch = {}): Promise<SegmentRow> {
  const temp = await track.createTemp()
  await temp.write(bodyOf(number))
  return track.commitSegment(temp, sampleSegment(number, patch))
}

/** Everything the recorder does to the store, over a day's change, with two tracks and commits in groups. */
async function history(files: MemoryFilePort, acknowledged: Acknowledged[]): Promise<void> {
  const library = await open(files)
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
  await note(video, store(video, 0))
  await Promise.all([1, 2, 3].map((number) => note(video, store(video, number))))
  const gapping = video.appendGap(sampleGap(4))
  await Promise.all([note(video, gapping), note(audio, store(audio, 4))])
  const gap = await gapping
  const key = await video.commitKey(Buffer.alloc(16, 7), { epoch: 0, startMs: sampleStartMs })
  acknowledged.push({ recordingId: recording.id, trackId: 'v0', row: key })
  await note(video, store(video, 5, { keyIndex: key.index }))
  const late = await video.createTemp()
  await late.write(bodyOf(4))
  const place = { ...sampleSegment(4), gapIndex: gap.index, apart: false }
  await note(video, video.commitLate(late, place))
  await note(video, store(video, 6))
  await recording.update({ state: 'stopped' })
  await recording.writeResumeInfo(undefined)
  await library.close()
}

/** The oracle of FAULTS: every acknowledged row is there, its file under its name, bytes and checksum right. */
async function check(
  files: MemoryFilePort,
  acknowledged: readonly Acknowledged[],
): Promise<Library> {
  const library = await open(files, 2)
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
    if (row.kind === 'segment' || row.kind === 'init' || row.kind === 'key')
      checkFile(files, track, row)
  }
  for (const recording of library.list()) {
    for (const track of await recording.tracks()) checkEveryRow(files, track)
    expect(files.names(`/library/recordings/${recording.id}/tmp`)).toEqual([])
  }
  return library
}

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
    if (row.kind === 'segment' || row.kind === 'init' || row.kind === 'key')
      checkFile(files, track, row)
  }
}

describe('crash points', () => {
  it.each<CrashMode>(crashModes)(
    'F34 F35 every crash point of a history, %s: nothing acknowledged is lost, recording goes on',
    async (mode) => {
      const acknowledged: Acknowledged[] = []
      const files = createMemoryFilePort()
      const images: { readonly files: MemoryFilePort; readonly count: number }[] = []
      files.after = () => images.push({ files: files.crash(mode), count: acknowledged.length })
      await history(files, acknowledged)
      images.push({ files: files.crash(mode), count: acknowledged.length })
      expect(acknowledged).toHaveLength(12)
      expect(images.length).toBeGreaterThan(80)
      for (const image of images) {
        const library = await check(image.files, acknowledged.slice(0, image.count))
        const recording = library.list()[0] ?? (await library.create(sampleMeta))
        const [track = await recording.addTrack(sampleTrack)] = await recording.tracks()
        const row = await store(track, 9)
        checkFile(image.files, track, row)
        await library.close()
      }
    },
  )

  it('F34 a crash during recovery itself loses nothing either', async () => {
    const acknowledged: Acknowledged[] = []
    const files = createMemoryFilePort()
    let torn: MemoryFilePort | undefined
    files.after = ({ name, path }) => {
      if (name === 'write' && path.endsWith('segments.ndjson')) torn = files.crash('torn')
    }
    await history(files, acknowledged)
    if (torn === undefined) throw new Error('the history writes no log')
    const crashed = torn
    const log = findLog(crashed)
    const middle = (crashed.peek(log)?.length ?? 0) >> 1
    const damaged = Buffer.from(crashed.peek(log) ?? '')
    damaged[middle] = (damaged[middle] ?? 0) ^ 1
    crashed.poke(log, damaged)
    const images: MemoryFilePort[] = []
    crashed.after = () => images.push(crashed.crash('unsynced-lost'), crashed.crash('torn'))
    await (await open(crashed, 2)).close()
    expect(images.length).toBeGreaterThan(20)
    for (const image of images) {
      const library = await open(image, 3)
      const [track] = (await library.list()[0]?.tracks()) ?? []
      // One row was damaged by hand, at most one was torn off; the others are still there.
      expect(track?.index.length).toBeGreaterThanOrEqual(6)
      await library.close()
    }
  })
})

function findLog(files: MemoryFilePort): string {
  const [id] = files.names('/library/recordings')
  return `/library/recordings/${id}/v0/segments.ndjson`
}

describe('I/O errors', () => {
  it.each(['ENOSPC', 'EIO'])(
    'F31 F35 %s at any one operation: acknowledged rows stay, and work goes on once it passes',
    async (errno) => {
      const counted = createMemoryFilePort()
      await history(counted, [])
      for (let failing = 1; failing <= counted.operations; failing += 1) {
        const acknowledged: Acknowledged[] = []
        const files = createMemoryFilePort()
        files.before = ({ number }) => (number === failing ? errno : undefined)
        const outcome = await history(files, acknowledged).then(
          () => undefined,
          (cause: unknown) => cause,
        )
        if (outcome !== undefined) {
          expect(outcome).toMatchObject({
            name: 'VsrError',
            code: errno === 'ENOSPC' ? 'disk_full' : 'library_unwritable',
          })
        }
        files.before = () => undefined
        // What a group still had under way may be acknowledged later than this.
        const before = [...acknowledged]
        const library = await check(files.crash('unsynced-lost'), before)
        await library.close()
      }
    },
  )
})
