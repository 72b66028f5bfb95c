import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../../src-preload/contract/errors'
import { silentLogger } from '../../../../src-main/ports/logger'
import { openSpanRecorder } from '../../../../src-main/recorder/spans/span-recorder'
import type { RecordingStore, SpanRow } from '../../../../src-main/store/model'
import { createFakeLibrary } from '../../../support/fake-library'
import { setUpRecorder } from '../../../support/fake-recorder'
import { mediaPlaylist, onlyStream } from '../../../support/playlists'

const zeroMs = Date.UTC(2026, 0, 1)
const breakFrom = { kind: 'out', mediaSequence: 12, plannedDurationSec: 6 } as const
const programme = { id: 'News', startMs: zeroMs + 26_000, endOnNext: false }

/** A recording whose store counts what is written to its spans. */
function counting(recording: RecordingStore) {
  const writes: (readonly SpanRow[])[] = []
  const watched: RecordingStore = {
    ...recording,
    spans: async () => {
      const store = await recording.spans()
      return {
        list: store.list,
        put: (rows) => {
          writes.push(rows)
          return store.put(rows)
        },
      }
    },
  }
  return { watched, writes }
}

async function setUp() {
  const library = createFakeLibrary()
  const recording = await library.create({
    title: 'Test',
    sourceUrl: 'http://x/',
    state: 'recording',
    live: true,
    keepWaiting: false,
  })
  const track = await recording.addTrack({ id: 'v0', kind: 'video', codecs: '', bandwidth: 0 })
  const { watched, writes } = counting(recording)
  const open = () => openSpanRecorder({ recording: watched, track, logger: silentLogger })
  const playlist = { ...mediaPlaylist({ first: 10, count: 4, zeroMs }), cues: [breakFrom] }
  const items = playlist.segments.map((segment) => ({
    kind: 'segment' as const,
    planned: {
      epoch: 0,
      startMs: segment.programDateTimeMs ?? 0,
      segment,
      stream: onlyStream,
    },
  }))
  const batch = { items, epoch: 0, playlist }
  const stored = async () => (await recording.spans()).list()
  return { library, open, batch, stored, writes }
}

describe('span recorder', () => {
  it('writes what is new, not what is listed again', async () => {
    const { open, batch, stored, writes } = await setUp()
    const spans = await open()
    for (let load = 0; load < 5; load += 1)
      spans.note('v0', { ...batch, items: load ? [] : batch.items })
    await spans.close()
    expect(await stored()).toMatchObject([{ id: 'c-0-12', startMs: zeroMs + 24_000 }])
    expect(writes).toHaveLength(1)
  })

  it('does not listen to other tracks, which repeat what the main one marks', async () => {
    const { open, batch, stored } = await setUp()
    const spans = await open()
    spans.note('a0', batch)
    await spans.close()
    expect(await stored()).toEqual([])
  })

  it('F31 tries again what the disk refused', async () => {
    const { library, open, batch, stored, writes } = await setUp()
    const spans = await open()
    library.failure = new VsrError('disk_full', 'The disk is full.')
    spans.note('v0', batch)
    await spans.close()
    expect(await stored()).toEqual([])
    library.failure = undefined
    spans.note('v0', { ...batch, items: [] })
    await spans.close()
    expect(await stored()).toHaveLength(1)
    expect(writes).toHaveLength(2)
  })

  it('lets a recording run whose spans cannot be read', async () => {
    const { library, batch } = await setUp()
    const recording = library.list()[0]
    const [track] = (await recording?.tracks()) ?? []
    if (recording === undefined || track === undefined) throw new Error('no recording')
    const refusal = new VsrError('library_too_new', 'Too new.')
    const broken = { ...recording, spans: () => Promise.reject(refusal) }
    const spans = await openSpanRecorder({ recording: broken, track, logger: silentLogger })
    spans.note('v0', batch)
    await spans.close()
  })
})

describe('a recording', () => {
  it('F05 has each span once after 100 reloads of a sliding window', async () => {
    const { clock, library, world, record } = setUpRecorder()
    const list = (first: number) => {
      world.playlist = {
        ...mediaPlaylist({ first, count: 5, zeroMs }),
        dateRanges: [programme],
        cues: [
          ...(first <= 12 ? [breakFrom] : []),
          ...(first > 12 && first < 20
            ? [{ ...breakFrom, mediaSequence: first, continued: true }]
            : []),
          ...(first + 5 > 20 ? [{ kind: 'in' as const, mediaSequence: Math.max(20, first) }] : []),
        ],
      }
    }
    list(10)
    const { id } = await record()
    for (let first = 11; first < 61; first += 1) {
      list(first)
      await clock.advance(2000)
    }
    const spans = (await library.get(id)?.spans())?.list() ?? []
    expect(spans).toMatchObject([
      { label: 'News', startMs: zeroMs + 26_000 },
      { id: 'c-0-12', startMs: zeroMs + 24_000, endMs: zeroMs + 40_000 },
    ])
    expect(spans).toHaveLength(2)
  })
})
