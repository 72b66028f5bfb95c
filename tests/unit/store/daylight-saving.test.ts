import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseTimestamp } from '../../../src-main/playback/span-time'
import { silentLogger } from '../../../src-main/ports/logger'
import { openLibrary } from '../../../src-main/store/library'
import { parseInstantMs } from '../../../src-preload/contract/time-text'
import {
  createStillClock,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleTrack,
} from '../../support/fault-store-samples'
import { createMemoryFilePort } from '../../support/memory-file-port'

const HALF_HOUR_MS = 30 * 60_000

describe('F28 in Chicago, over the night in which the clocks are set back', () => {
  const before = process.env['TZ']
  beforeEach(() => {
    process.env['TZ'] = 'America/Chicago'
  })
  afterEach(() => {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  })
  /** 00:30 in summer time; 01:30 comes twice after it. */
  const startMs = Date.UTC(2026, 10, 1, 5, 30)
  const halfHours = [0, 1, 2, 3, 4, 5].map((at) => startMs + at * HALF_HOUR_MS)

  it('is where the wall shows one hour twice', () => {
    const shown = halfHours.map((ms) => new Date(ms).getHours())
    expect(shown).toEqual([0, 1, 1, 1, 1, 2])
  })

  it('names files in UTC, none twice, and keeps rows in their order', async () => {
    const files = createMemoryFilePort()
    const library = await openLibrary({
      root: '/library',
      mode: 'write',
      clock: createStillClock(),
      logger: silentLogger,
      files,
      process: sampleProcess(1),
    })
    const recording = await library.create(sampleMeta)
    const track = await recording.addTrack(sampleTrack)
    const paths: string[] = []
    for (const [at, ms] of halfHours.entries()) {
      const temp = await track.createTemp()
      await temp.write(Buffer.from('x'))
      const row = await track.commitSegment(temp, sampleSegment(at, { startMs: ms }))
      expect(row.startMs).toBe(ms)
      paths.push(track.pathOf(row).split('/v0/')[1] ?? '')
    }
    expect(paths).toEqual(halfHours.map((ms, at) => `2026-11-01/${ms}-${at}.ts`))
    await library.close()
  })

  it('lets both hours be asked for', () => {
    const [, , summer = 0, , winter = 0] = halfHours
    expect(parseInstantMs('2026-11-01T01:30:00-05:00', startMs)).toBe(summer)
    expect(parseInstantMs('2026-11-01T01:30:00-06:00', startMs)).toBe(winter)
    for (const ms of halfHours) {
      expect(parseTimestamp(String(ms))).toBe(ms)
      expect(parseTimestamp(String(ms / 1000))).toBe(ms)
      expect(parseInstantMs(new Date(ms).toISOString(), startMs)).toBe(ms)
    }
  })
})
