import { describe, expect, it } from 'vitest'
import { readDescription } from '../../../src-main/preprocess/probe-media'

const output = (...streams: object[]) => JSON.stringify({ streams })
const picture = {
  codec_type: 'video',
  codec_name: 'h264',
  profile: 'High',
  level: 31,
  width: 1280,
  height: 720,
}
const sound = { codec_type: 'audio', codec_name: 'aac', profile: 'LC' }

describe('readDescription', () => {
  it('names codecs as RFC 6381 does, and the size of the picture', () => {
    expect(readDescription(output(picture, sound))).toEqual({
      codecs: 'avc1.64001f,mp4a.40.2',
      resolution: { width: 1280, height: 720 },
    })
  })

  it('names sound alone', () => {
    expect(readDescription(output({ ...sound, codec_name: 'mp3', profile: undefined }))).toEqual({
      codecs: 'mp4a.40.34',
    })
  })

  it('names no codecs rather than some of them', () => {
    const strange = { ...picture, codec_name: 'hevc', profile: 'Main' }
    expect(readDescription(output(strange, sound))).toEqual({
      codecs: '',
      resolution: { width: 1280, height: 720 },
    })
  })

  it('says nothing of a file without picture and sound', () => {
    expect(readDescription(output({ codec_type: 'data' }))).toBeUndefined()
  })
})
