import { expect, it } from 'vitest'
import { selectVariant } from '../../../src-main/hls/choose/select-variant'
import { multivariantFixture } from '../../support/hls-fixtures'

const base = 'https://live.example.com/ch1'

it('AVERAGE-BANDWIDTH, PATHWAY-ID and CLOSED-CAPTIONS of a variant stream are kept', () => {
  expect(multivariantFixture('content-steering.m3u8').variants).toEqual([
    {
      uri: 'https://a.example.com/video.m3u8',
      bandwidth: 2_000_000,
      averageBandwidth: 1_500_000,
      codecs: '',
      closedCaptionsGroup: 'NONE',
      pathwayId: 'CDN-A',
    },
    {
      uri: 'https://b.example.com/video.m3u8',
      bandwidth: 2_000_000,
      averageBandwidth: 1_500_000,
      codecs: '',
      closedCaptionsGroup: 'cc',
      pathwayId: 'CDN-B',
    },
    { uri: 'https://c.example.com/video.m3u8', bandwidth: 1_000_000, codecs: '' },
  ])
})

it('EXT-X-CONTENT-STEERING names the steering server', () => {
  expect(multivariantFixture('content-steering.m3u8').contentSteering).toEqual({
    serverUri: 'https://live.example.com/steering?video=1',
    pathwayId: 'CDN-A',
  })
})

it('EXT-X-START may stand in a multivariant playlist', () => {
  expect(multivariantFixture('content-steering.m3u8').startOffsetSec).toBe(6)
})

it('FORCED, CHANNELS and INSTREAM-ID of EXT-X-MEDIA are kept', () => {
  const { renditions } = multivariantFixture('renditions.m3u8')
  expect(
    renditions.map(({ name, forced, channels, instreamId }) => [
      name,
      forced ?? channels ?? instreamId,
    ]),
  ).toEqual([
    ['English', true],
    ['English', undefined],
    ['English', '6'],
    ['Atmos', '16/JOC'],
    ['English', 'CC1'],
    ['Spanish', 'SERVICE3'],
  ])
})

it('EXT-X-I-FRAME-STREAM-INF is no variant stream, and S11 left out where its address must not be used', () => {
  const playlist = multivariantFixture('i-frame-streams.m3u8')
  expect(playlist.iFrameStreams).toEqual([
    {
      uri: `${base}/trick.m3u8?t=a%2Fb`,
      bandwidth: 320_000,
      averageBandwidth: 250_000,
      resolution: { width: 1280, height: 720 },
      codecs: 'avc1.4d401f',
    },
  ])
  expect(playlist.variants).toHaveLength(1)
  expect(selectVariant(playlist, 'worst').uri).toBe(`${base}/video.m3u8`)
})
