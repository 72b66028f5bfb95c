// P4: VOD playlists of an hour, a day and a week at 4 s segments.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createBlockCache } from '../../src-main/playback/block-cache'
import { renderMediaPlaylist } from '../../src-main/playback/media-playlist'
import { wholeWindow } from '../../src-main/playback/window'
import type { SegmentIndex } from '../../src-main/store/model'
import { createSegmentIndex } from '../../src-main/store/segment-index'
import { segmentRow } from '../support/fault-store-samples'
import { interleaved } from './support/measure'
import { type Measurement, report } from './support/report'

const ROUNDS = 9
const CACHE_BYTES = 32 * 1024 * 1024
const MOST_DELAY_MS = 20
const spans = [
  { name: '1 h', rows: 900, barMs: 1 },
  { name: '24 h', rows: 21_600, barMs: 10 },
  { name: '7 d', rows: 151_200, barMs: 60 },
]

function indexOf(rows: number, durationSecOf: (row: number) => number): SegmentIndex {
  const index = createSegmentIndex()
  for (let row = 0; row < rows; row += 1) {
    index.push(segmentRow(row, { durationSec: durationSecOf(row) }))
  }
  return index
}

const render = (index: SegmentIndex, cache = createBlockCache({ limitBytes: CACHE_BYTES })) =>
  renderMediaPlaylist({
    index,
    window: wholeWindow(index),
    eraOf: (position) => index.discontinuitiesBefore(position),
    style: { recordingId: 'abcdefghijkl', trackId: 'v0', prefix: '../../../live/', suffix: '' },
    type: 'VOD',
    ended: true,
    cache,
  })

/** The plain way: a string a row, with what the language has for numbers and instants. */
function renderPlainly(index: SegmentIndex, withInstants: boolean): Buffer {
  const lines = ['#EXTM3U']
  for (let position = 0; position < index.length; position += 1) {
    const row = index.rowAt(position)
    if (row.kind !== 'segment') continue
    if (withInstants) {
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(row.startMs).toISOString()}`)
    }
    lines.push(`#EXTINF:${row.durationSec.toFixed(6)},`)
    lines.push(`../../../live/abcdefghijkl-v0-${row.index}.${row.extension}`)
  }
  return Buffer.from(lines.join('\n'))
}

const measurements: Measurement[] = []
for (const { name, rows, barMs } of spans) {
  const steady = indexOf(rows, () => 4)
  // Lengths that do not add up to the instants, so that each row needs its own.
  const drifting = indexOf(rows, (row) => 4.03 + (row % 3) / 100)
  const kept = createBlockCache({ limitBytes: CACHE_BYTES })
  const figures = await interleaved({
    rounds: ROUNDS,
    clock: 'cpu',
    candidates: {
      first: () => render(steady),
      again: () => render(steady, kept),
      plain: () => renderPlainly(steady, false),
      instants: () => render(drifting),
      plainInstants: () => renderPlainly(drifting, true),
    },
  })
  measurements.push(
    {
      work: `${name}, first time`,
      unit: 'ms',
      vsr: figures.first,
      peer: { name: 'strings', value: figures.plain },
      bar: { text: `<= ${barMs} ms`, limit: barMs },
    },
    {
      work: `${name}, again`,
      unit: 'ms',
      vsr: figures.again,
      bar: { text: '<= 1 ms', limit: 1 },
    },
    {
      work: `${name}, an instant on each row`,
      unit: 'ms',
      vsr: figures.instants,
      peer: { name: 'strings', value: figures.plainInstants },
    },
  )
}
const week = indexOf(151_200, (row) => 4.03 + (row % 3) / 100)
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
await render(week)
delay.disable()
measurements.push({
  work: '7 d, longest hold of the event loop',
  unit: 'ms',
  vsr: delay.max / 1e6,
  bar: { text: `<= ${MOST_DELAY_MS} ms`, limit: MOST_DELAY_MS },
})
report({
  row: 'P4',
  title: 'VOD playlists',
  method:
    'User and system time of this process for one whole playlist of 4 s segments; the peer joins one string per line, made by toFixed and Date. The longest hold of the event loop is wall time.',
  measurements,
})
