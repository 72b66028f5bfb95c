import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encryptCbcs, encryptCbcsInit } from '../support/cbcs'
import { exportAll, framesOf } from '../support/export-frames'
import { readMedia } from '../support/media'
import { runProcess, words } from '../support/processes'
import {
  filesOf,
  keysOf,
  numbersOf,
  openTestRecorder,
  rowsOf,
  trackOf,
} from '../support/real-recorder'
import { createSampleLibrary } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

/** Makes an initialization section another one without changing what it says. */
const freeBox = Buffer.from([0, 0, 0, 8, ...Buffer.from('free')])

describe('SAMPLE-AES with an open key, fMP4 (cbcs)', () => {
  it('F22 is stored as it came and exported without the source, over key changes, a gap and a break', async () => {
    const { media, initSection } = await readMedia({ kind: 'fmp4' })
    if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
    const encryption = { method: 'SAMPLE-AES', rotateKeyEvery: 2 } as const
    const origin = await startTestOrigin()
    onTestFinished(() => origin.stop())
    const stream = origin.addStream({ media, initSection, encryption, windowSize: 9 })
    stream.advance(3)
    stream.gapNext()
    stream.advance(3)
    stream.encrypt(undefined)
    stream.advance(1)
    stream.changeInit(Buffer.concat([initSection, freeBox]))
    stream.advance(1)
    stream.end()
    const { library, recorder, record } = await openTestRecorder()
    const { recording } = await record(origin.urlOf(stream))
    await waitUntil({ what: 'its end', check: () => recorder.status(recording.id) === undefined })
    const track = await trackOf(recording)
    const resource = (name: string) => Buffer.from(stream.resource(`/live/${name}`)?.body ?? [])
    expect(numbersOf(track)).toEqual([0, 1, 2, 4, 5, 6, 7])
    expect(filesOf(track)).toEqual(numbersOf(track).map((number) => resource(`0-${number}.m4s`)))
    expect(keysOf(track)).toHaveLength(3)
    const inits = rowsOf(track).flatMap((row) => (row.kind === 'init' ? [track.pathOf(row)] : []))
    expect(inits.map((file) => readFileSync(file))).toEqual([
      resource('init-0.mp4'),
      resource('init-1.mp4'),
    ])
    expect(readFileSync(inits[0] ?? '').includes('cbcs')).toBe(true)
    await origin.stop()

    const clear = createSampleLibrary({ dir: tempDirForTest() })
    const original = clear.add().sampleTrack()
    const initIndex = original.init({}, initSection)
    const extension = 'm4s'
    for (const [number, { durationSec, body }] of [...media, ...media.slice(0, 2)].entries()) {
      if (number === 3) original.gap({ durationSec, count: 1 })
      else if (number >= 6) original.discontinuity()
      if (number !== 3) original.segment({ durationSec, extension, initIndex }, body)
    }
    const expected = await framesOf(await exportAll(clear, 'sample000001'))
    const frames = await framesOf(await exportAll(library, recording.id))
    expect(frames).toEqual(expected)
    expect(frames.filter((line) => line.startsWith('0,'))).toHaveLength(175)
  })

  it('sound of its own is decrypted beside its picture', async () => {
    const library = createSampleLibrary({ dir: tempDirForTest() })
    const media = { video: await makeFragments('video'), audio: await makeFragments('audio') }
    const key = Buffer.alloc(16, 0x17)
    const iv = Buffer.alloc(16, 0x71)
    for (const isSealed of [false, true]) {
      const recording = library.add({ id: isSealed ? 'sealed000001' : 'plain0000001' })
      for (const kind of ['video', 'audio'] as const) {
        const track = recording.sampleTrack({ id: kind === 'video' ? 'v0' : 'a0', kind })
        const { init, segments } = media[kind]
        const initIndex = track.init({}, isSealed ? encryptCbcsInit(init, iv) : init)
        const sealed = isSealed ? { keyIndex: track.key({}, key) } : {}
        for (const body of segments) {
          const stored = isSealed ? encryptCbcs({ init, segment: body, key, iv }) : body
          track.segment({ durationSec: 1, extension: 'm4s', initIndex, ...sealed }, stored)
        }
      }
    }
    const expected = await framesOf(await exportAll(library, 'plain0000001'))
    expect(expected.length).toBeGreaterThan(200)
    expect(await framesOf(await exportAll(library, 'sealed000001'))).toEqual(expected)
  })
})

const sources = {
  video: '-f lavfi -t 4 -i testsrc2=size=320x180:rate=25 -c:v libx264 -bf 2 -g 25 -sc_threshold 0',
  audio: '-f lavfi -t 4 -i sine=frequency=440:sample_rate=48000 -c:a ac3',
}

/** A picture with B-frames, or sound that is not AAC, in segments of 1 s. */
async function makeFragments(kind: 'video' | 'audio') {
  const dir = tempDirForTest()
  const args = words(
    `-v error ${sources[kind]} -f hls -hls_time 1 -hls_playlist_type vod -hls_segment_type fmp4 -hls_segment_filename %d.m4s index.m3u8`,
  )
  const run = await runProcess({ command: toolPath('ffmpeg'), args, cwd: dir })
  if (run.code !== 0) throw new Error(run.stderr)
  const read = (name: string) => readFileSync(path.join(dir, name))
  return {
    init: read('init.mp4'),
    segments: [0, 1, 2, 3].map((number) => read(`${number}.m4s`)),
  }
}
