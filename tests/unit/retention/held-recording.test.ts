import { describe, expect, it } from 'vitest'
import { heldRecording } from '../../../src-main/retention/held-recording'
import type { PinnedSpan } from '../../../src-main/store/model'

const figures = {
  startMs: 1_000_000,
  endMs: 1_600_000,
  durationSec: 600,
  bytes: 6000,
  segments: 1,
  gaps: 0,
  gapSec: 0,
}
const span = (fromMs: number, toMs: number): PinnedSpan => ({ id: 'p1', fromMs, toMs })
const held = (
  change: {
    pinnedSpans?: readonly PinnedSpan[]
    isRunning?: boolean
    inUseFromMs?: number
    bytes?: number
  } = {},
) =>
  heldRecording({
    recording: {
      id: 'a',
      meta: { pinned: false, pinnedSpans: change.pinnedSpans ?? [] },
      figures: { ...figures, bytes: change.bytes ?? figures.bytes },
    },
    isRunning: change.isRunning ?? false,
    inUseFromMs: change.inUseFromMs,
  })

describe('a recording, as what may go of it', () => {
  it('lies in a bounded number of pieces that make all of it', () => {
    const { stretches, ...rest } = held()
    expect(rest).toEqual({ id: 'a', pinned: false })
    expect(stretches).toHaveLength(24)
    expect(stretches[0]?.startMs).toBe(figures.startMs)
    expect(stretches.at(-1)?.endMs).toBe(figures.endMs)
    expect(stretches.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(figures.bytes)
    expect(held({ bytes: 0 }).stretches).toEqual([])
  })

  it('stays from the first pinned stretch on that is still there, or from where it is in use', () => {
    const pinnedSpans = [span(500_000, 900_000), span(1_300_000, 1_400_000)]
    expect(held({ pinnedSpans }).keepFromMs).toBe(1_300_000)
    expect(held({ pinnedSpans, inUseFromMs: 1_200_000 }).keepFromMs).toBe(1_200_000)
  })

  it('keeps its last minute while it is recorded', () => {
    expect(held({ isRunning: true }).keepFromMs).toBe(1_540_000)
  })
})
