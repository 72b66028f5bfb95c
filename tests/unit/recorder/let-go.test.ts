import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import { createCommitter } from '../../../src-main/recorder/committer'
import { createInitRows } from '../../../src-main/recorder/init-rows'
import { readTrackPosition } from '../../../src-main/recorder/track-position'
import type { Row } from '../../../src-main/store/model'
import { createFakeClock } from '../../support/fake-clock'
import {
  sampleGap,
  sampleMeta,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../support/fault-store-samples'
import { openInMemory } from '../../support/library-in-memory'
import { createMemoryFilePort } from '../../support/memory-file-port'
import { mediaPlaylist, onlyStream } from '../../support/playlists'

const at = (number: number) => sampleStartMs + number * 4000

async function setUp() {
  const files = createMemoryFilePort()
  const library = await openInMemory(files)
  const recording = await library.create(sampleMeta)
  const track = await recording.addTrack(sampleTrack)
  const store = async (number: number, patch = {}) => {
    const temp = await track.createTemp()
    await temp.write(Buffer.from('media'))
    await track.commitSegment(temp, sampleSegment(number, patch))
  }
  const rows = (): Row[] =>
    Array.from({ length: track.index.length }, (_, position) => track.index.rowAt(position))
  const temps = () => files.names(`/library/recordings/${recording.id}/tmp`)
  return { recording, track, store, rows, temps }
}

const sectionOf = (text: string) => {
  const content = Buffer.from(text)
  return { content, checksum: crc32(content), extension: 'mp4' as const, clocks: new Map() }
}

const plannedAt = (number: number) => {
  const [segment] = mediaPlaylist({ first: 100 + number, count: 1 }).segments
  if (segment === undefined) throw new Error('no such segment')
  return { epoch: 0, startMs: at(number), segment, stream: onlyStream }
}

describe('recording on when the beginning was let go', () => {
  it('stores an initialization section anew that went with the segments that needed it', async () => {
    const { recording, track, store } = await setUp()
    const inits = createInitRows({ track, logger: silentLogger })
    const first = await inits.put(sectionOf('first'), plannedAt(0))
    await store(0, { initIndex: first, extension: 'm4s' })
    for (let other = 0; other < 70; other += 1) {
      await inits.put(sectionOf(`other ${other}`), plannedAt(0))
    }
    const kept = await inits.put(sectionOf('kept'), plannedAt(1))
    await store(1, { initIndex: kept, extension: 'm4s' })
    await store(2, { initIndex: kept, extension: 'm4s' })
    await recording.letGo({ beforeMs: at(2) })
    expect(inits.indexOf(sectionOf('kept'))).toBe(kept)
    expect(inits.indexOf(sectionOf('first'))).toBeUndefined()
    const again = await inits.put(sectionOf('first'), plannedAt(3))
    expect(track.index.positionOf(again)).toBe(track.index.length - 1)
  })

  it('knows its epoch and where it goes on', async () => {
    const { recording, track, store } = await setUp()
    await track.appendDiscontinuity({
      epoch: 4,
      startMs: at(0),
      reason: 'epoch',
      mediaSequence: 100,
      clock: 'source',
    })
    for (let number = 0; number < 6; number += 1) await store(number, { epoch: 4 })
    const position = () => readTrackPosition({ index: track.index, nowMs: at(7) })
    const before = position()
    await recording.letGo({ beforeMs: at(5) })
    const after = position()
    expect(after).toMatchObject({ newEpoch: 5, awaySec: 4, timeline: before.timeline })
    expect(after.cursor).toMatchObject({
      epoch: 4,
      firstMediaSequence: 100,
      nextMediaSequence: 106,
    })
  })

  it.each(['before it came', 'at the same moment'])(
    'throws a segment away whose gap was let go %s',
    async (when) => {
      const { recording, track, store, rows, temps } = await setUp()
      await store(0)
      await track.appendGap(sampleGap(1))
      for (const number of [2, 3, 4]) await store(number)
      const committer = createCommitter({
        track,
        refetch: () => Promise.reject(new Error('nothing is to be fetched again here')),
        clock: createFakeClock(),
        logger: silentLogger,
        signal: new AbortController().signal,
        onTrouble: () => {},
        onStored: () => {},
      })
      const temp = await track.createTemp()
      await temp.write(Buffer.from('late'))
      const planned = plannedAt(1)
      const none = { init: undefined, key: undefined }
      const media = { kind: 'media', planned, stream: onlyStream, temp, extension: 'ts' } as const
      const letGo = recording.letGo({ beforeMs: at(3) })
      if (when === 'before it came') await letGo
      const isOver = committer.commitLate({ ...media, ...none })
      await letGo
      expect(await isOver).toBe(true)
      expect(rows().map(({ index }) => index)).toEqual([3, 4])
      expect(temps()).toEqual([])
    },
  )
})
