import { Parser } from 'm3u8-parser'
import { describe, expect, it } from 'vitest'
import { createBlockCache } from '../../../src-main/playback/block-cache'
import { renderMediaPlaylist } from '../../../src-main/playback/media-playlist'
import { type Window, wholeWindow } from '../../../src-main/playback/window'
import { createSampleLibrary, type SampleTrack } from '../../support/sample-library'
import { createRandom } from '../../support/fault-store-samples'

const style = { recordingId: 'sample000001', trackId: 'v0', prefix: '', suffix: '?token=t' }
const newTrack = (): SampleTrack => createSampleLibrary({ dir: '/nowhere' }).add().sampleTrack()

function createRenderer() {
  const cache = createBlockCache({ limitBytes: 1e8 })
  return async ({ index }: SampleTrack, window: Window = wholeWindow(index)): Promise<string> => {
    const parts = await renderMediaPlaylist({
      index,
      window,
      eraOf: (position) => index.discontinuitiesBefore(position),
      style,
      type: 'VOD',
      ended: true,
      cache,
    })
    return Buffer.concat(parts ?? []).toString()
  }
}

const keyUri = (index: number) => `sample000001-v0-${index}.key?token=t`
const IV = '00112233445566778899aabbccddeeff'

/** What a player makes of it: row index of each segment -> row index of its key and the IV. */
function keysSeen(text: string): ReadonlyMap<number, string> {
  const parser = new Parser()
  parser.push(text)
  parser.end()
  const numberIn = (uri: string) => Number(/-(\d+)\.\w+\?/.exec(uri)?.[1])
  return new Map(
    parser.manifest.segments.map(({ uri, key }) => {
      const iv = key === undefined ? '' : Buffer.from(Uint32Array.from(key.iv ?? []).buffer)
      if (iv instanceof Buffer) iv.swap32()
      return [
        numberIn(uri),
        key === undefined ? 'none' : `${numberIn(key.uri)} ${iv.toString('hex')}`,
      ]
    }),
  )
}

/** What each row of a track needs, and in which text it is wanted. */
function keysMeant({ index }: SampleTrack, { from, to }: Window): ReadonlyMap<number, string> {
  const meant = new Map<number, string>()
  for (let position = from; position < to; position += 1) {
    const row = index.rowAt(position)
    if (row.kind !== 'segment') continue
    const at = row.keyIndex === undefined ? undefined : index.positionOf(row.keyIndex)
    const key = at === undefined ? undefined : index.rowAt(at)
    if (row.keyIndex !== undefined && key?.kind !== 'key') continue
    const iv = key?.kind === 'key' ? key.iv : undefined
    const digits = iv ?? row.mediaSequence.toString(16).padStart(32, '0')
    meant.set(row.index, row.keyIndex === undefined ? 'none' : `${row.keyIndex} ${digits}`)
  }
  return meant
}

describe('keys in served playlists', () => {
  it('are named where they change: once with an IV of their own, else for each segment, and NONE behind them', async () => {
    const track = newTrack()
    track.segment()
    const own = track.key({ iv: IV })
    track.segment({ keyIndex: own })
    track.segment({ keyIndex: own })
    const implicit = track.key()
    track.segment({ keyIndex: implicit, mediaSequence: 255 })
    track.segment({ keyIndex: implicit, mediaSequence: 256 })
    track.segment()
    const lines = (await createRenderer()(track)).split('\n')
    expect(lines.filter((line) => /^#EXT-X-KEY|^[^#]/.test(line))).toEqual([
      'sample000001-v0-0.ts?token=t',
      `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="${keyUri(own)}",IV=0x${IV}`,
      'sample000001-v0-2.ts?token=t',
      'sample000001-v0-3.ts?token=t',
      `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="${keyUri(implicit)}",IV=0x${'ff'.padStart(32, '0')}`,
      'sample000001-v0-5.ts?token=t',
      `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="${keyUri(implicit)}",IV=0x${'100'.padStart(32, '0')}`,
      'sample000001-v0-6.ts?token=t',
      '#EXT-X-KEY:METHOD=NONE',
      'sample000001-v0-7.ts?token=t',
    ])
  })

  it('fit every segment, over blocks, from any start, while the track grows', async () => {
    const random = createRandom(5)
    const track = newTrack()
    const render = createRenderer()
    let keyIndex: number | undefined
    for (let row = 0; row < 2500; row += 1) {
      const dice = random()
      if (dice < 0.05) keyIndex = track.key(random() < 0.5 ? {} : { iv: IV })
      else if (dice < 0.07) keyIndex = undefined
      // A key whose row was damaged on disk.
      else if (dice < 0.08) keyIndex = 5_000_000
      else if (dice < 0.1) track.gap()
      else track.segment(keyIndex === undefined ? {} : { keyIndex })
      if (row % 500 === 499) {
        const whole = wholeWindow(track.index)
        expect(keysSeen(await render(track))).toEqual(keysMeant(track, whole))
        const window = { from: Math.floor(random() * row), to: track.index.length }
        expect(keysSeen(await render(track, window))).toEqual(keysMeant(track, window))
      }
    }
  })

  it('a segment whose key was lost is left out, and the next one in the clear is said to be so', async () => {
    const track = newTrack()
    track.segment()
    track.segment({ keyIndex: 4000 })
    track.segment()
    expect([...keysSeen(await createRenderer()(track)).keys()]).toEqual([0, 2])
  })
})
