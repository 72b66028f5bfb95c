import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMp4 } from '../../src-main/export/read-mp4'
import { verifyResult } from '../../src-main/export/verify'
import { runProcess, words } from '../support/processes'
import { tempDirForTest } from '../support/temp-dir'
import { toolPath } from '../support/tools'

async function makeMp4(options: string): Promise<string> {
  const file = path.join(tempDirForTest(), 'made.mp4')
  const args = [
    ...words('-v error -f lavfi -i testsrc2=size=160x90:rate=25 -f lavfi -i sine=frequency=440'),
    ...words('-t 4 -c:v libx264 -preset ultrafast -g 10 -c:a aac'),
    ...words(options),
    file,
  ]
  const run = await runProcess({ command: toolPath('ffmpeg'), args })
  if (run.code !== 0) throw new Error(run.stderr)
  return file
}

describe('verification of an exported file', () => {
  it.each([
    ['index in front', '-movflags +faststart'],
    ['index at the end', '-movie_timescale 90000'],
  ])('reads what ffmpeg wrote: %s', async (_what, options) => {
    const file = await makeMp4(options)
    const { durationSec, tracks } = await readMp4(file)
    expect(Math.abs(durationSec - 4)).toBeLessThan(0.1)
    expect(tracks.map(({ kind, beginsWithKeyFrame }) => [kind, beginsWithKeyFrame])).toEqual([
      ['video', true],
      ['audio', true],
    ])
    expect(tracks[0]?.samples).toBe(100)
    expect(await verifyResult({ file, expectedSec: 4 })).toBe(durationSec)
  })

  it('F53 refuses a file that was cut anywhere, one without media, and what is no MP4', async () => {
    const whole = readFileSync(await makeMp4('-movflags +faststart'))
    const file = path.join(tempDirForTest(), 'bad.mp4')
    const step = Math.ceil(whole.length / 200)
    const bad = [Buffer.from('<html>'), Buffer.alloc(5000), Buffer.from('\0\0\0\0mdat')]
    for (let bytes = 0; bytes < whole.length; bytes += step) bad.push(whole.subarray(0, bytes))
    bad.push(whole.subarray(0, -1))
    for (const bytes of bad) {
      writeFileSync(file, bytes)
      await expect(verifyResult({ file, expectedSec: 4 })).rejects.toMatchObject({
        code: 'export_failed',
      })
    }
  })

  it('F53 sees that a file does not begin with a key frame', async () => {
    const bytes = readFileSync(await makeMp4('-movflags +faststart'))
    const keyFrames = bytes.indexOf('stss')
    bytes.writeUInt32BE(2, keyFrames + 12)
    const file = path.join(tempDirForTest(), 'late.mp4')
    writeFileSync(file, bytes)
    await expect(verifyResult({ file, expectedSec: 4 })).rejects.toMatchObject({
      message: expect.stringContaining('whole picture'),
    })
  })
})
