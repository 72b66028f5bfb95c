import { describe, expect, it } from 'vitest'
import { readHead } from '../../../src-main/export/media-head'
import { createProgress } from '../../../src-main/export/progress'
import type { Mp4Summary } from '../../../src-main/export/read-mp4'
import { checkResult } from '../../../src-main/export/verify'

const video = { kind: 'video', samples: 1500, beginsWithKeyFrame: true } as const
const audio = { kind: 'audio', samples: 2800, beginsWithKeyFrame: true } as const
const result = (durationSec: number, tracks: Mp4Summary['tracks'] = [video, audio]) => ({
  durationSec,
  tracks,
})

describe('checkResult', () => {
  it('gives the measured length of a good file', () => {
    expect(checkResult(result(59.96), 60)).toBe(59.96)
    expect(checkResult(result(0.4), 1)).toBe(0.4)
    expect(checkResult(result(60, [audio]), 60)).toBe(60)
  })

  it('F53 refuses one that is too short or long, has no picture first, or no streams', () => {
    const bad = [
      result(30),
      result(120),
      result(Number.NaN),
      result(60, [{ ...video, beginsWithKeyFrame: false }, audio]),
      result(60, []),
      result(60, [{ ...video, samples: 0 }]),
      result(60, [{ ...audio, kind: 'other' }]),
    ]
    for (const summary of bad) {
      expect(() => checkResult(summary, 60)).toThrow(
        expect.objectContaining({ code: 'export_failed' }),
      )
    }
  })
})

describe('readHead', () => {
  it('reads streams, origin and key frames with their lead', () => {
    const head = readHead(
      JSON.stringify({
        format: { start_time: '1.400000' },
        streams: [
          { index: 0, codec_type: 'audio', codec_name: 'aac', sample_rate: '48000', channels: 2 },
          { index: 1, codec_type: 'video', codec_name: 'h264', width: 640, height: 360 },
        ],
        packets: [
          { stream_index: 0, pts_time: '1.400000', flags: 'K_' },
          { stream_index: 1, pts_time: '1.560000', dts_time: '1.440000', flags: '__' },
          { stream_index: 1, pts_time: '1.520000', dts_time: '1.400000', flags: 'K_' },
          { stream_index: 1, flags: 'K_' },
        ],
      }),
    )
    expect(head).toMatchObject({
      originSec: 1.4,
      firstSec: 1.52,
      video: { codec: 'h264', width: 640, height: 360 },
      audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
    })
    expect(head.keyFrames).toHaveLength(1)
    expect(head.keyFrames[0]?.leadSec).toBeCloseTo(0.12, 6)
  })

  it('refuses what ffprobe does not print', () => {
    for (const text of ['', 'null', '{"streams":1}']) {
      expect(() => readHead(text)).toThrow(expect.objectContaining({ code: 'export_failed' }))
    }
  })
})

describe('createProgress', () => {
  it('goes only forwards, stops short of 100, and says how fast and how long', () => {
    let nowMs = 0
    const progress = createProgress({ clock: { monotonicMs: () => nowMs }, mediaSec: 100 })
    nowMs = 2000
    expect(progress.report(0.2)).toEqual({ percent: 20, speed: 10, etaSec: 8 })
    expect(progress.report(0.1)).toBeUndefined()
    expect(progress.report(Number.NaN)).toBeUndefined()
    nowMs = 10_000
    expect(progress.report(1.7)).toEqual({ percent: 99, speed: 10, etaSec: 0 })
  })
})
