import { describe, expect, it } from 'vitest'
import { chooseStreams } from '../../../src-main/importing/media-streams'
import { segmentArgs } from '../../../src-main/importing/segment-media'

const video = { index: 0, codec_type: 'video', codec_name: 'h264' }
const sound = (index: number, language?: string) => ({
  index,
  codec_type: 'audio',
  codec_name: 'aac',
  tags: { language },
})
const choose = (streams: readonly object[], format: object = {}) =>
  chooseStreams(JSON.stringify({ streams, format }), 'fmp4')

describe('chooseStreams', () => {
  it('takes one picture and every sound, and says what stays behind', () => {
    const cover = { ...video, index: 3, codec_name: 'mjpeg', disposition: { attached_pic: 1 } }
    const subtitles = { index: 4, codec_type: 'subtitle', codec_name: 'subrip' }
    const chosen = choose([video, sound(1, 'GER'), sound(2), cover, subtitles, { index: 5 }])
    expect(chosen).toEqual({
      video: { index: 0, codec: 'h264' },
      audio: [
        { index: 1, codec: 'aac', language: 'ger' },
        { index: 2, codec: 'aac' },
      ],
      notTaken: ['cover picture', 'subtitle (subrip)', 'data (unknown)'],
    })
  })

  it('takes one sound where there is no picture', () => {
    const { audio, notTaken } = choose([sound(0), sound(1)])
    expect(audio).toHaveLength(1)
    expect(notTaken).toEqual(['audio (aac)'])
  })

  it('believes dates and lengths only where they can be', () => {
    const dated = (creation_time: string) =>
      choose([video], { duration: 'N/A', tags: { creation_time } })
    expect(dated('2024-03-01T12:00:00.000000Z').createdMs).toBe(Date.UTC(2024, 2, 1, 12))
    expect(dated('1904-01-01T00:00:00Z').createdMs).toBeUndefined()
    expect(dated('yesterday').createdMs).toBeUndefined()
    expect(dated('').durationSec).toBeUndefined()
  })

  it('refuses what segments cannot hold', () => {
    expect(() => choose([{ ...video, codec_name: 'wmv3' }])).toThrow(/video \(wmv3\)/)
  })
})

describe('segmentArgs', () => {
  const file = '/films/-y %d.mp4'
  it('S12 S18 forces the format, opens no protocol but files, and passes no words of the file on', () => {
    const streams = choose([video, sound(1, 'en,name:x -y'), sound(2, 'de')])
    const { args } = segmentArgs({ file, demuxer: 'mp4', streams })
    expect(args.join(' ')).toContain(`-protocol_whitelist file,pipe -f mp4 -i file:${file}`)
    expect(args).toContain(
      'v:0,agroup:sound,name:picture a:0,agroup:sound,name:sound0,default:yes a:1,agroup:sound,name:sound1,language:de',
    )
  })

  it('makes one playlist where there is one sound', () => {
    const streams = choose([video, sound(1)])
    expect(segmentArgs({ file, demuxer: 'mp4', streams }).playlist).toBe('index.m3u8')
  })
})
