import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readMedia } from '../support/media'
import { END, openFolder, segment, segments } from '../support/playlist-folder'
import { rowsOf, trackOf } from '../support/real-recorder'

describe('what stands between segments', () => {
  it('F07 EXT-X-GAP: never asked for, and a gap with its cause', async () => {
    const { publish, record, asked } = await openFolder('gap')
    publish('index.m3u8', ...segment(0), '#EXT-X-GAP', ...segment(1), ...segment(2), END)
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    const rows = rowsOf(await trackOf(recording))
    expect(rows.find((row) => row.kind === 'gap')).toMatchObject({
      mediaSequence: 1,
      cause: 'source-gap',
      count: 1,
    })
    expect(asked()).toEqual(['0.ts', '2.ts'])
  })

  it('EXT-X-DISCONTINUITY and EXT-X-DISCONTINUITY-SEQUENCE are kept with the segments', async () => {
    const { publish, record } = await openFolder('discontinuity')
    publish(
      'index.m3u8',
      '#EXT-X-DISCONTINUITY-SEQUENCE:7',
      ...segment(0),
      '#EXT-X-DISCONTINUITY',
      ...segment(1),
      ...segment(2),
      END,
    )
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    const rows = rowsOf(await trackOf(recording))
    expect(
      rows.map((row) => (row.kind === 'segment' ? row.discontinuitySequence : row.kind)),
    ).toEqual(['discontinuity', 7, 'discontinuity', 8, 8])
    expect(rows[2]).toMatchObject({ reason: 'source', mediaSequence: 1 })
  })

  it('F21 EXT-X-MAP: each change is stored, and segments keep theirs', async () => {
    const { publish, serve, record } = await openFolder('map')
    const { initSection, media } = await readMedia({ kind: 'fmp4' })
    if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
    serve('a.mp4', initSection, 'video/mp4')
    // An empty box at the end: other bytes, the same meaning.
    const other = Buffer.concat([initSection, Buffer.of(0, 0, 0, 8), Buffer.from('free')])
    serve('b.mp4', Buffer.concat([Buffer.alloc(100), other]), 'video/mp4')
    media.forEach(({ body }, n) => serve(`${n}.m4s`, body, 'video/mp4'))
    const fragment = (n: number) => ['#EXTINF:1,', `${n}.m4s`]
    publish(
      'index.m3u8',
      '#EXT-X-MAP:URI="a.mp4"',
      ...fragment(0),
      ...fragment(1),
      '#EXT-X-DISCONTINUITY',
      `#EXT-X-MAP:URI="b.mp4",BYTERANGE="${other.length}@100"`,
      ...fragment(2),
      END,
    )
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    const track = await trackOf(recording)
    const rows = rowsOf(await trackOf(recording))
    const inits = rows.flatMap((row) =>
      row.kind === 'init' ? [{ index: row.index, body: readFileSync(track.pathOf(row)) }] : [],
    )
    expect(inits.map(({ body }) => body.length)).toEqual([initSection.length, other.length])
    const [a, b] = inits.map(({ index }) => index)
    expect(rows.flatMap((row) => (row.kind === 'segment' ? [row.initIndex] : []))).toEqual([
      a,
      a,
      b,
    ])
  })

  it('EXT-X-PROGRAM-DATE-TIME: kept, counted on, and the clock of the epoch', async () => {
    const { publish, record } = await openFolder('dates')
    const zeroMs = Date.parse('2026-03-01T10:00:00Z')
    publish(
      'index.m3u8',
      ...segment(0),
      '#EXT-X-PROGRAM-DATE-TIME:2026-03-01T11:00:01.000+01:00',
      ...segment(1),
      ...segment(2),
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-PROGRAM-DATE-TIME:2026-03-01T10:05:00.000Z',
      ...segment(3),
      END,
    )
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    const rows = rowsOf(await trackOf(recording))
    expect(rows[0]).toMatchObject({ reason: 'epoch', clock: 'source' })
    expect(rows.flatMap((row) => (row.kind === 'segment' ? [row.startMs - zeroMs] : []))).toEqual([
      0, 1000, 2000, 300_000,
    ])
  })

  it('without EXT-X-PROGRAM-DATE-TIME the time of arrival is the clock, and marked as such', async () => {
    const { publish, record } = await openFolder('no-dates')
    publish('index.m3u8', ...segments(0, 3), END)
    const beforeMs = Date.now()
    const { recording, untilOver } = await record('index.m3u8')
    await untilOver()
    const rows = rowsOf(await trackOf(recording))
    expect(rows[0]).toMatchObject({ reason: 'epoch', clock: 'arrival' })
    const starts = rows.flatMap((row) => (row.kind === 'segment' ? [row.startMs] : []))
    expect(starts.map((ms) => ms - (starts[0] ?? 0))).toEqual([0, 1000, 2000])
    expect(starts[0]).toBeGreaterThan(beforeMs - 60_000)
    expect(starts[0]).toBeLessThanOrEqual(Date.now())
  })
})
