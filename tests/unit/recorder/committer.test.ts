import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { VsrError } from '../../../src-preload/contract/errors'
import { silentLogger } from '../../../src-main/ports/logger'
import { createCommitter } from '../../../src-main/recorder/committer'
import type { FetchedSegment } from '../../../src-main/recorder/segments/segment-fetcher'
import type { GapRow, TrackStore } from '../../../src-main/store/model'
import { createFakeClock } from '../../support/fake-clock'
import { createFakeLibrary } from '../../support/fake-library'
import { mediaPlaylist, onlyStream } from '../../support/playlists'

async function setUp() {
  const clock = createFakeClock()
  const library = createFakeLibrary()
  const meta = { title: '', sourceUrl: 'http://x/', state: 'recording' as const, live: true }
  const recording = await library.create(meta)
  const info = { id: 'v0', kind: 'video' as const, codecs: '', bandwidth: 0 }
  const track = await recording.addTrack(info)
  const commit = (onto: TrackStore = track) =>
    createCommitter({
      track: onto,
      refetch: () => Promise.reject(new Error('nothing is to be fetched again here')),
      clock,
      logger: silentLogger,
      signal: new AbortController().signal,
      onTrouble: () => {},
      onStored: () => {},
    })
  const segments = mediaPlaylist({ first: 0, count: 10 }).segments
  const media = async (number: number, initText?: string): Promise<FetchedSegment> => {
    const temp = await track.createTemp()
    await temp.write(Buffer.from('media'))
    const segment = segments[number]
    if (segment === undefined) throw new Error('no such segment')
    const content = Buffer.from(initText ?? '')
    const checksum = crc32(content)
    const init = { content, checksum, extension: 'mp4' as const, clocks: new Map() }
    const stream = onlyStream
    const planned = { epoch: 0, startMs: number * 2000, segment, stream }
    const own = initText === undefined ? undefined : init
    return { kind: 'media', planned, stream, temp, extension: 'm4s', init: own, key: undefined }
  }
  const rows = () => library.rows(recording.id)
  const shape = () =>
    rows().map((row) => {
      if (row.kind === 'segment') return `segment ${row.mediaSequence} init ${row.initIndex}`
      return row.kind === 'discontinuity' ? row.reason : row.kind
    })
  return { clock, library, track, commit, media, rows, shape }
}

describe('createCommitter', () => {
  it('F21 stores each initialization section once, and marks where it changes', async () => {
    const { commit, media, shape } = await setUp()
    const committer = commit()
    await committer.commit([await media(0, 'one'), await media(1, 'one'), await media(2, 'two')])
    await committer.commit([await media(3, 'one')])
    expect(shape()).toEqual([
      'init',
      'segment 0 init 0',
      'segment 1 init 0',
      'init-change',
      'init',
      'segment 2 init 4',
      'init-change',
      'segment 3 init 0',
    ])
  })

  it('keeps the order where the disk takes only some of those that came together', async () => {
    const { commit, media, shape, track } = await setUp()
    let groups = 0
    const reluctant: TrackStore = {
      ...track,
      async commitSegments(group) {
        groups += 1
        const { rows } = await track.commitSegments(group.slice(0, 1))
        return { rows, error: new VsrError('disk_full', 'The disk is full.') }
      },
    }
    const numbers = [0, 1, 2, 3, 4]
    await commit(reluctant).commit(await Promise.all(numbers.map((number) => media(number))))
    expect(shape()).toEqual(numbers.map((number) => `segment ${number} init -1`))
    expect(groups).toBeGreaterThan(0)
  })

  it('knows after a restart which initialization sections the log has', async () => {
    const { commit, media, shape, track } = await setUp()
    await commit().commit([await media(0, 'one')])
    const row = track.index.rowAt(0)
    expect(row.kind).toBe('init')
    // The fake store tells no checksum; what counts is that an unknown one is stored and marked.
    await commit().commit([await media(1, 'two')])
    expect(shape()).toEqual(['init', 'segment 0 init 0', 'init-change', 'init', 'segment 1 init 3'])
  })

  it('F22 stores a key before the segment that needs it, and again only when it changes', async () => {
    const { commit, media, rows } = await setUp()
    const sealed = async (number: number, secret: number, iv?: string): Promise<FetchedSegment> => {
      const content = Buffer.alloc(16, secret)
      const key = { secret: content, checksum: crc32(content), ...(iv === undefined ? {} : { iv }) }
      return { ...(await media(number)), key } as FetchedSegment
    }
    const iv = 'ab'.repeat(16)
    await commit().commit([await sealed(0, 1), await sealed(1, 1), await sealed(2, 2)])
    // A restart in between: the log tells which key is the last.
    const after = commit()
    await after.commit([await sealed(3, 2), await sealed(4, 2, iv), await media(5)])
    await after.commit([await sealed(6, 2, iv)])
    const seen = rows().map((row) =>
      row.kind === 'key'
        ? `key ${row.iv ?? 'by number'}`
        : row.kind === 'segment' && `segment ${row.mediaSequence} key ${row.keyIndex}`,
    )
    expect(seen).toEqual([
      'key by number',
      'segment 0 key 0',
      'segment 1 key 0',
      'key by number',
      'segment 2 key 3',
      'segment 3 key 3',
      `key ${iv}`,
      'segment 4 key 6',
      'segment 5 key undefined',
      'segment 6 key 6',
    ])
  })

  it('joins gaps that come together', async () => {
    const { commit, rows } = await setUp()
    const gap = (number: number) => ({
      kind: 'gap' as const,
      row: {
        epoch: 0,
        startMs: number * 2000,
        mediaSequence: number,
        discontinuitySequence: 0,
        durationSec: 2,
        cause: 'not-found' as const,
        count: 1,
      },
    })
    await commit().commit([gap(3), gap(4), gap(5), gap(8)])
    const gaps = rows().filter((row): row is GapRow => row.kind === 'gap')
    expect(gaps.map((row) => [row.mediaSequence, row.count, row.durationSec])).toEqual([
      [3, 3, 6],
      [8, 1, 2],
    ])
  })

  it('leaves what the session could not obtain to a later one, unless media behind it came', async () => {
    const { commit, media, library, rows } = await setUp()
    const dropped = (mediaSequence: number) => ({
      kind: 'dropped' as const,
      gap: {
        epoch: 0,
        startMs: 2000 * mediaSequence,
        mediaSequence,
        discontinuitySequence: 0,
        durationSec: 2,
        cause: 'network' as const,
        count: 1,
      },
    })
    const committer = commit()
    await committer.commit([await media(0), dropped(1), dropped(2)])
    await committer.commit([await media(3), dropped(4)])
    expect(rows().map((row) => [row.kind, row.kind === 'gap' ? row.count : 1])).toEqual([
      ['segment', 1],
      ['gap', 2],
      ['segment', 1],
    ])
    expect(library.openTemps).toBe(0)
  })
})
