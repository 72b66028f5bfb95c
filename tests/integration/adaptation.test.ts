import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createExporter } from '../../src-main/export/exporter'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { createTools } from '../../src-main/preprocess/tools'
import type { RecordingStore } from '../../src-main/store/model'
import { readVariant } from '../support/variant-media'
import { numbersOf, openTestRecorder, rowsOf, trackOf } from '../support/real-recorder'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { startThrottle } from '../support/throttle'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

/** Width of the picture of a stored segment. */
const widthOf = (file: string) =>
  Number(
    execFileSync(
      toolPath('ffprobe'),
      [
        '-v',
        'error',
        '-select_streams',
        'v:0',
        '-show_entries',
        'stream=width',
        '-of',
        'csv=p=0',
        file,
      ],
      { encoding: 'utf8' },
    ).split(/[\n,]/)[0],
  )

/** How the quality went, as people read it. */
const changesOf = async (recording: RecordingStore) =>
  (await recording.activity())
    .list()
    .flatMap((entry) =>
      entry.type === 'quality' ? [`${entry.from} ${entry.direction} ${entry.to}`] : [],
    )

describe('adaptation', () => {
  it('goes down while the way is narrow and up again, in one recording without a gap, and the export plays', async () => {
    const [high, low] = [
      await readVariant({ name: 'high', durationSec: 90 }),
      await readVariant({ name: 'low', durationSec: 90 }),
    ]
    const origin = await startTestOrigin()
    const throttle = await startThrottle({ target: origin.url })
    onTestFinished(async () => {
      await throttle.stop()
      await origin.stop()
    })
    const programDateTimeMs = Date.now() - 60_000
    const common = { windowSize: 8, programDateTimeMs }
    // Numbered differently: RFC 8216 6.2.4 promises no equal numbers.
    const streams = [
      origin.addStream({ ...common, name: 'high', media: high, firstMediaSequence: 100 }),
      origin.addStream({ ...common, name: 'low', media: low, firstMediaSequence: 4000 }),
    ]
    origin.serve(
      '/main.m3u8',
      `#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00d"
high/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=130000,RESOLUTION=160x90,CODECS="avc1.42c00b"
low/index.m3u8
`,
      'text/plain',
    )
    /** The programme in real time: a segment a second. */
    const grow = () => {
      for (const stream of streams) stream.advance()
    }
    for (let at = 0; at < 4; at += 1) grow()
    const growing = setInterval(grow, 1000)
    onTestFinished(() => clearInterval(growing))

    const { library, record } = await openTestRecorder()
    const { recording, stop, untilSegments } = await record(`${throttle.url}/main.m3u8`)
    await untilSegments(3)
    const track = await trackOf(recording)
    throttle.limit(150_000)
    await waitUntil({
      what: 'the lower quality',
      check: () => track.info.bandwidth === 130_000,
      deadlineMs: 60_000,
    })
    expect(track.info.resolution).toEqual({ width: 160, height: 90 })
    throttle.limit(undefined)
    await waitUntil({
      what: 'the chosen quality to have come back and stayed',
      // Downloads that are under way at a change may still come in the quality before.
      check: () =>
        track.info.bandwidth === 400_000 &&
        rowsOf(track)
          .slice(-3)
          .every(({ kind }) => kind === 'segment'),
      deadlineMs: 60_000,
    })
    clearInterval(growing)
    await stop()
    const changes = await changesOf(recording)
    expect([changes[0], changes.at(-1)]).toEqual(['180p down 90p', '90p up 180p'])

    const numbers = numbersOf(track)
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at))
    expect(recording.figures.gaps).toBe(0)
    expect(new Set(rowsOf(track).map(({ epoch }) => epoch))).toEqual(new Set([0]))
    const widths = rowsOf(track).flatMap((row): (number | 'change')[] => {
      if (row.kind === 'discontinuity' && row.reason === 'variant-change') return ['change']
      return row.kind === 'segment' ? [widthOf(track.pathOf(row))] : []
    })
    expect(new Set(widths)).toEqual(new Set([320, 'change', 160]))
    // A change is told wherever the picture changes, and nowhere else.
    const sizes = widths.filter((width) => width !== 'change')
    const turns = sizes.filter((width, at) => at > 0 && width !== sizes[at - 1])
    expect(widths.filter((width) => width === 'change')).toHaveLength(turns.length)
    expect([sizes[0], sizes.at(-1)]).toEqual([320, 320])

    const folder = tempDirForTest()
    const tools = createTools({ env: process.env })
    const clock = systemClock
    const exportsDir = () => folder
    const exporter = createExporter({ library, tools, exportsDir, clock, logger: silentLogger })
    onTestFinished(() => exporter.close())
    const { startMs, endMs = 0 } = recording.figures
    const { jobId } = await exporter.create({
      recordingId: recording.id,
      fromMs: Math.round(startMs ?? 0),
      toMs: Math.round(endMs),
      file: path.join(folder, 'all.mp4'),
    })
    const job = await waitUntil({
      what: 'the export to end',
      check: () => {
        const now = exporter.get(jobId)
        return now.state !== 'queued' && now.state !== 'running' && now
      },
    })
    expect(job).toMatchObject({ state: 'done' })
    expect(job.result?.durationSec).toBeGreaterThan(numbers.length - 2)
  })
})
