import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exportAll, framesOf } from '../support/export-frames'
import { readMedia } from '../support/media'
import { type OriginEncryption, originKey } from '../support/origin-encryption'
import { makePackedAudio } from '../support/packed-audio'
import { runProcess, words } from '../support/processes'
import {
  filesOf,
  keysOf,
  numbersOf,
  openTestRecorder,
  rowsOf,
  trackOf,
} from '../support/real-recorder'
import { encryptSamples } from '../support/sample-aes'
import { createSampleLibrary, SAMPLE_START_MS } from '../support/sample-library'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import type { LiveStreamOptions } from '../support/test-origin-stream'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

const FAIRPLAY = 'METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"'
const WIDEVINE =
  'METHOD=SAMPLE-AES-CTR,URI="data:x",KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"'

async function openOrigin(options: LiveStreamOptions) {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const stream = origin.addStream(options)
  return { origin, stream, url: origin.urlOf(stream) }
}

describe('AES-128', () => {
  it.each([true, false])('F22 keys that change, explicit IV: %s', async (explicitIv) => {
    const { media } = await readMedia({ kind: 'ts' })
    const encryption = { method: 'AES-128', rotateKeyEvery: 2, explicitIv } as const
    const { stream, url } = await openOrigin({ media, encryption, firstMediaSequence: 70_000 })
    stream.advance(5)
    const { record } = await openTestRecorder()
    const { recording, untilSegments, stop } = await record(url)
    await untilSegments(3)
    stream.advance(1)
    await untilSegments(4)
    await stop()
    const track = await trackOf(recording)
    expect(keysOf(track)).toEqual([])
    const bodies = media.map(({ body }) => Buffer.from(body))
    const [first = 0] = numbersOf(track)
    expect(filesOf(track)).toEqual(bodies.slice(first - 70_000))
  })

  it('F22 encryption that ends and begins again, initialization section in its own key', async () => {
    const { media, initSection } = await readMedia({ kind: 'fmp4' })
    if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
    const encryption: OriginEncryption = { method: 'AES-128', withInit: true }
    const { stream, url } = await openOrigin({ media, initSection, encryption, windowSize: 6 })
    stream.advance(2)
    stream.encrypt(undefined)
    stream.advance(2)
    stream.encrypt({ ...encryption, explicitIv: true, rotateKeyEvery: 3 })
    stream.advance(2)
    stream.end()
    const { recorder, record } = await openTestRecorder()
    const { recording } = await record(url)
    await waitUntil({ what: 'its end', check: () => recorder.status(recording.id) === undefined })
    const track = await trackOf(recording)
    expect(filesOf(track)).toEqual(media.map(({ body }) => Buffer.from(body)))
    const inits = rowsOf(track).flatMap((row) => (row.kind === 'init' ? [track.pathOf(row)] : []))
    expect(inits.map((file) => readFileSync(file))).toEqual([Buffer.from(initSection)])
  })
})

describe('SAMPLE-AES with an open key', () => {
  it.each([true, false])(
    'F22 is stored as it came and exported without the source, explicit IV: %s',
    async (explicitIv) => {
      const { media } = await readMedia({ kind: 'ts' })
      const encryption = { method: 'SAMPLE-AES', rotateKeyEvery: 2, explicitIv } as const
      const { origin, stream, url } = await openOrigin({ media, encryption, windowSize: 6 })
      stream.advance(4)
      stream.encrypt(undefined)
      stream.advance(1)
      stream.encrypt(encryption)
      stream.advance(1)
      stream.end()
      const { library, recorder, record } = await openTestRecorder()
      const { recording } = await record(url)
      await waitUntil({ what: 'its end', check: () => recorder.status(recording.id) === undefined })
      const track = await trackOf(recording)
      const served = numbersOf(track).map((number) =>
        Buffer.from(stream.resource(`/live/0-${number}.ts`)?.body ?? []),
      )
      expect(filesOf(track)).toEqual(served)
      expect(keysOf(track)).toHaveLength(explicitIv ? 5 : 3)
      for (const row of keysOf(track)) {
        expect(statSync(track.pathOf(row)).mode & 0o777).toBe(0o600)
        expect([0, 1, 2].map((index) => Buffer.from(originKey(index)).toString('hex'))).toContain(
          readFileSync(track.pathOf(row)).toString('hex'),
        )
      }
      await origin.stop()

      const clear = createSampleLibrary({ dir: tempDirForTest() })
      const original = clear.add().sampleTrack()
      for (const { durationSec, body } of media) original.segment({ durationSec }, body)
      const expected = await framesOf(await exportAll(clear, 'sample000001'))
      const frames = await framesOf(await exportAll(library, recording.id))
      expect(frames).toEqual(expected)
      expect(frames.filter((line) => line.startsWith('0,'))).toHaveLength(150)
    },
  )

  it('AC-3 sound is decrypted, too', async () => {
    const dir = tempDirForTest()
    const clearFile = path.join(dir, 'clear.ts')
    const made = await runProcess({
      command: toolPath('ffmpeg'),
      args: [
        ...words('-v error -f lavfi -t 2 -i sine=frequency=440:sample_rate=48000'),
        ...words('-c:a ac3 -b:a 192k -f mpegts'),
        clearFile,
      ],
    })
    expect(made.stderr).toBe('')
    const key = Buffer.alloc(16, 0x17)
    const iv = Buffer.alloc(16, 0x71)
    const clear = readFileSync(clearFile)
    const library = createSampleLibrary({ dir })
    const plain = library.add({ id: 'plain0000001' }).sampleTrack({ kind: 'audio' })
    plain.segment({ durationSec: 2 }, clear)
    const sealed = library.add({ id: 'sealed000001' }).sampleTrack({ kind: 'audio' })
    const keyIndex = sealed.key({ iv: iv.toString('hex') }, key)
    sealed.segment({ durationSec: 2, keyIndex }, encryptSamples({ ts: clear, key, iv }))
    const expected = await framesOf(await exportAll(library, 'plain0000001'))
    expect(expected.length).toBeGreaterThan(50)
    expect(await framesOf(await exportAll(library, 'sealed000001'))).toEqual(expected)
  })

  it('a segment whose key was lost is named as the reason', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    const library = createSampleLibrary({ dir: tempDirForTest() })
    library.add().sampleTrack().segment({ durationSec: 1, keyIndex: 77 }, media[0]?.body)
    expect(library.get('sample000001')?.figures.startMs).toBe(SAMPLE_START_MS)
    await expect(exportAll(library, 'sample000001')).rejects.toThrow('The key of a stored segment')
  })

  it.each(['aac', 'ac3', 'eac3'] as const)(
    'packed %s is stored as it came and exported without the source',
    async (format) => {
      const media = await makePackedAudio({ format, durationSec: 4, firstPts: 90_000 })
      const encryption = { method: 'SAMPLE-AES', rotateKeyEvery: 2 } as const
      const { origin, stream, url } = await openOrigin({ media, encryption })
      stream.advance(media.length)
      stream.end()
      const { library, recorder, record } = await openTestRecorder()
      const { recording } = await record(url)
      await waitUntil({ what: 'its end', check: () => recorder.status(recording.id) === undefined })
      const track = await trackOf(recording)
      expect(filesOf(track)).toHaveLength(media.length)
      expect(filesOf(track)[0]).not.toEqual(Buffer.from(media[0]?.body ?? []))
      await origin.stop()

      const clear = createSampleLibrary({ dir: tempDirForTest() })
      const original = clear.add().sampleTrack({ kind: 'audio' })
      const extension = format === 'aac' ? 'aac' : 'ac3'
      for (const { durationSec, body } of media) original.segment({ durationSec, extension }, body)
      const expected = await framesOf(await exportAll(clear, 'sample000001'))
      expect(expected.length).toBeGreaterThan(120)
      expect(await framesOf(await exportAll(library, recording.id))).toEqual(expected)
    },
  )

  it('packed MP3 is refused at the first segment: nothing says what of it is encrypted', async () => {
    const media = await makePackedAudio({ format: 'mp3', durationSec: 2, firstPts: 90_000 })
    const encryption = { tag: 'METHOD=SAMPLE-AES,URI="key-0.bin"' }
    const { stream, url } = await openOrigin({ media, encryption })
    stream.advance(1)
    const { record } = await openTestRecorder()
    const { recording } = await record(url)
    await waitUntil({ what: 'the refusal', check: () => recording.meta.state === 'failed' })
    expect(recording.meta.failure?.code).toBe('unsupported_encryption')
  })
})

describe('protected streams', () => {
  it.each([
    [FAIRPLAY, 'drm_protected', 'FairPlay'],
    [WIDEVINE, 'drm_protected', 'Widevine'],
    ['METHOD=SAMPLE-AES-CTR,URI="key-0.bin"', 'unsupported_encryption', 'SAMPLE-AES-CTR'],
  ])('%s is refused at the start, by name', async (tag, code, name) => {
    const { media } = await readMedia({ kind: 'ts' })
    const { origin, stream, url } = await openOrigin({ media, encryption: { tag } })
    stream.advance(3)
    const { record } = await openTestRecorder()
    const { recording } = await record(url)
    await waitUntil({ what: 'the refusal', check: () => recording.meta.state === 'failed' })
    expect(recording.meta.failure).toMatchObject({
      code,
      message: expect.stringContaining(name) as string,
    })
    expect(origin.requests.filter(({ kind }) => kind !== 'playlist')).toEqual([])
  })

  it('a recording under way waits for protection to end, and keeps what it has', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    const { origin, stream, url } = await openOrigin({ media })
    stream.advance(2)
    const { recorder, record } = await openTestRecorder()
    const { recording, untilSegments, stop } = await record(url)
    await untilSegments(2)
    stream.encrypt({ tag: FAIRPLAY })
    stream.advance(2)
    await waitUntil({
      what: 'the cause',
      check: () => recorder.status(recording.id)?.state === 'stalled',
    })
    const cause = { code: 'drm_protected', message: expect.stringContaining('FairPlay') as string }
    expect(recorder.status(recording.id)?.reason).toMatchObject({ cause })
    stream.encrypt(undefined)
    stream.advance(1)
    await untilSegments(3)
    await waitUntil({
      what: 'recording to go on',
      check: () => recorder.status(recording.id)?.state === 'recording',
    })
    await stop()
    const track = await trackOf(recording)
    expect(numbersOf(track)).toEqual([0, 1, 4])
    const gaps = rowsOf(track).filter((row) => row.kind === 'gap')
    expect(gaps.every((row) => row.kind === 'gap' && row.cause === 'protected')).toBe(true)
    expect(gaps.length).toBeGreaterThan(0)
    const asked = origin.requests.filter(({ mediaSequence }) =>
      [2, 3].includes(mediaSequence ?? -1),
    )
    expect(asked).toEqual([])
  })
})
