import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { firstFragmentSec, firstPtsSec } from '../../src-main/media/first-timestamp'
import { readTrackClocks } from '../../src-main/media/track-clocks'
import { readMedia } from '../support/media'
import { toolPath } from '../support/tools'

/** The earliest time that ffprobe finds in these bytes. */
function probeFirstSec(pieces: readonly Uint8Array[]): number {
  const args = '-v error -show_entries packet=pts_time -of csv=p=0 pipe:0'.split(' ')
  const output = execFileSync(toolPath('ffprobe'), args, {
    input: Buffer.concat(pieces),
    encoding: 'utf8',
  })
  return Math.min(...output.trim().split('\n').map(Number.parseFloat).filter(Number.isFinite))
}

describe('the first timestamp of a segment', () => {
  it('is that of the first packet of MPEG-TS', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    for (const { body } of media.slice(0, 3)) {
      const sec = firstPtsSec(body)
      expect(Math.abs((sec ?? 0) - probeFirstSec([body]))).toBeLessThan(0.1)
    }
    expect(firstPtsSec(new Uint8Array(188))).toBeUndefined()
  })

  it('is that of the first fragment of MP4', async () => {
    const { media, initSection = new Uint8Array() } = await readMedia({ kind: 'fmp4' })
    for (const { body } of media.slice(0, 3)) {
      const sec = firstFragmentSec(body, readTrackClocks(initSection))
      expect(Math.abs((sec ?? -9) - probeFirstSec([initSection, body]))).toBeLessThan(0.1)
    }
    expect(firstFragmentSec(new Uint8Array(20), new Map())).toBeUndefined()
  })
})
