import { describe, expect, it } from 'vitest'
import { countBeside } from '../../../src-main/playback/beside'
import { createBlockCache } from '../../../src-main/playback/block-cache'
import { createPlaylistServer } from '../../../src-main/playback/serve-playlist'
import { findStored } from '../../../src-main/playback/find-stored'
import { timelineOf } from '../../../src-main/playback/timeline'
import { openLibrary } from '../../../src-main/store/library'
import { silentLogger } from '../../../src-main/ports/logger'
import type { TrackStore } from '../../../src-main/store/model'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../support/fault-store-samples'
import { createMemoryFilePort } from '../../support/memory-file-port'

const SEC = 4
const at = (number: number) => sampleStartMs + number * SEC * 1000

async function begin() {
  const clock = createStillClock()
  const library = await openLibrary({
    root: '/library',
    mode: 'write',
    clock,
    logger: silentLogger,
    files: createMemoryFilePort(),
    process: sampleProcess(1),
    countBeside,
  })
  const recording = await library.create(sampleMeta)
  const picture = await recording.addTrack(sampleTrack)
  const server = createPlaylistServer({
    library,
    clock,
    currentRecordingId: () => undefined,
    cache: createBlockCache({ limitBytes: 1e6 }),
  })
  const playlist = async (
    options: { track?: string; dvr?: boolean; fromMs?: number; toMs?: number; late?: number } = {},
  ): Promise<string> => {
    const { fromMs, toMs } = options
    const end = toMs === undefined ? {} : { toMs }
    const parts = await server.render({
      recordingId: recording.id,
      query: {
        recordingId: undefined,
        trackId: options.track ?? 'v0',
        dvr: options.dvr ?? true,
        lateNumber: options.late ?? 0,
        withoutSound: false,
        token: undefined,
        awaited: undefined,
      },
      ...(fromMs === undefined ? {} : { span: { fromMs, ...end } }),
      prefix: '',
      fileName: 'stream.m3u8',
      signal: new AbortController().signal,
    })
    return Buffer.concat(parts).toString()
  }
  return { library, recording, picture, playlist, clock }
}

async function store(track: TrackStore, number: number, patch = {}): Promise<void> {
  const temp = await track.createTemp()
  await temp.write(Buffer.from(`segment ${number}`))
  await track.commitSegment(temp, sampleSegment(number, patch))
}

const tag = (text: string, name: string): number =>
  Number(new RegExp(`#${name}:(\\d+)`).exec(text)?.[1] ?? 0)

/** What a player knows each listed segment by: number, era, name. */
function entriesOf(text: string): { sequence: number; era: number; name: string; sec: string }[] {
  let sequence = tag(text, 'EXT-X-MEDIA-SEQUENCE')
  let era = tag(text, 'EXT-X-DISCONTINUITY-SEQUENCE')
  let sec = ''
  const entries = []
  for (const line of text.split('\n')) {
    if (line === '#EXT-X-DISCONTINUITY') era += 1
    else if (line.startsWith('#EXTINF:')) sec = line
    else if (line !== '' && !line.startsWith('#')) {
      entries.push({ sequence, era, name: line, sec })
      sequence += 1
    }
  }
  return entries
}

describe('playlists of a recording that lets go of its beginning', () => {
  it('are told on: numbers advance with what went, each segment that is left keeps its own', async () => {
    const { recording, picture, playlist } = await begin()
    const sound = await recording.addTrack({ ...sampleTrack, id: 'a0', kind: 'audio' })
    const text = await recording.addTrack({ ...sampleTrack, id: 's0', kind: 'subtitles' })
    for (let number = 0; number < 40; number += 1) {
      const isPictureMissing = number === 5 || number === 21
      if (isPictureMissing) await picture.appendGap(sampleGap(number))
      else await store(picture, number)
      if (number % 9 === 4) await sound.appendGap(sampleGap(number))
      else await store(sound, number, { startMs: at(number) + 300, extension: 'aac' })
      // Longer than the picture's, so that they lie on both sides of its breaks.
      if (number % 3 === 0 && number % 12 !== 0) {
        await store(text, number, { durationSec: 12, extension: 'vtt' })
      } else if (number % 12 === 0) await text.appendGap(sampleGap(number, { durationSec: 12 }))
    }
    for (const cut of [3, 5, 6, 17, 22, 30]) {
      const tracks = ['v0', 'a0', 's0']
      const before = await Promise.all(tracks.map((track) => playlist({ track })))
      await recording.letGo({ beforeMs: at(cut) })
      for (const [number, track] of tracks.entries()) {
        const now = await playlist({ track })
        expect(now).not.toContain('EXT-X-PLAYLIST-TYPE')
        const left = entriesOf(now)
        expect(left.length).toBeGreaterThan(0)
        expect(left, `${track} from ${cut}`).toEqual(
          entriesOf(before[number] ?? '').slice(-left.length),
        )
        expect(tag(now, 'EXT-X-TARGETDURATION')).toBe(
          tag(before[number] ?? '', 'EXT-X-TARGETDURATION'),
        )
      }
    }
  })

  it('say EVENT as long as nothing went', async () => {
    const { picture, playlist, recording } = await begin()
    for (let number = 0; number < 4; number += 1) await store(picture, number)
    expect(await playlist()).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    await recording.letGo({ beforeMs: at(0) })
    expect(await playlist()).toContain('#EXT-X-PLAYLIST-TYPE:EVENT')
    await recording.letGo({ beforeMs: at(1) })
    expect(await playlist()).not.toContain('EXT-X-PLAYLIST-TYPE')
  })

  it('answer a range that begins before what is left with what is left, or say where that is', async () => {
    const { picture, playlist, recording } = await begin()
    for (let number = 0; number < 10; number += 1) await store(picture, number)
    await recording.letGo({ beforeMs: at(5) })
    const range = await playlist({ fromMs: at(2), toMs: at(7) })
    expect(entriesOf(range).map(({ sequence }) => sequence)).toEqual([5, 6])
    await expect(playlist({ fromMs: at(1), toMs: at(3) })).rejects.toMatchObject({
      code: 'no_footage',
      message: expect.stringContaining(String(at(5))),
    })
  })

  it('name nothing that is gone, and a name that was told before is not found', async () => {
    const { library, picture, playlist, recording } = await begin()
    for (let number = 0; number < 6; number += 1) await store(picture, number)
    const [first] = entriesOf(await playlist())
    await recording.letGo({ beforeMs: at(3) })
    await expect(findStored({ library, name: first?.name ?? '' })).rejects.toMatchObject({
      code: 'segment_not_found',
    })
    for (const { name } of entriesOf(await playlist())) {
      expect(await findStored({ library, name })).toMatchObject({ kind: 'file' })
    }
  })

  it('show a player that follows what it knew of late segments, whichever went', async () => {
    const { picture, playlist, recording } = await begin()
    const late = async (number: number) => {
      const gap = picture.index.rowAt(picture.index.firstEndingAfter(at(number)))
      const temp = await picture.createTemp()
      await temp.write(Buffer.from(`late ${number}`))
      await picture.commitLate(temp, {
        ...sampleSegment(number),
        gapIndex: gap.index,
        apart: false,
      })
    }
    for (let number = 0; number < 12; number += 1) {
      if (number % 4 === 2) await picture.appendGap(sampleGap(number))
      else await store(picture, number)
    }
    await late(2)
    await late(10)
    await late(6)
    const before = await Promise.all([0, 1, 2, 3].map((known) => playlist({ late: known })))
    for (const cut of [3, 7, 9]) {
      await recording.letGo({ beforeMs: at(cut) })
      for (const known of [0, 1, 2, 3]) {
        const left = entriesOf(await playlist({ late: known }))
        expect(left, `knowing ${known}, from ${cut}`).toEqual(
          entriesOf(before[known] ?? '').slice(-left.length),
        )
      }
    }
  })

  it('leave no mark on the timeline before what is left', async () => {
    const { picture, recording } = await begin()
    await picture.appendDiscontinuity({
      epoch: 0,
      startMs: at(0),
      reason: 'epoch',
      mediaSequence: 100,
      clock: 'source',
    })
    for (let number = 0; number < 4; number += 1) await store(picture, number)
    await picture.appendGap(sampleGap(4))
    for (let number = 5; number < 9; number += 1) await store(picture, number)
    await recording.letGo({ beforeMs: at(6) })
    const timeline = await timelineOf(recording)
    expect(timeline).toMatchObject({
      startMs: at(6),
      footage: [{ fromMs: at(6), toMs: at(9) }],
      gaps: [],
      discontinuitiesMs: [],
      clocks: [{ fromMs: at(6), clock: 'source' }],
    })
  })
})
