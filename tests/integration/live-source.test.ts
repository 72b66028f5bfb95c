import { afterEach, describe, expect, it } from 'vitest'
import { type LiveSource, startLiveSource } from '../support/live-source'
import { runProcess } from '../support/processes'
import { toolPath } from '../support/tools'
import { waitUntil } from '../support/wait-until'

const mediaSequence = (text: string) => Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1])

describe('live source', () => {
  let source: LiveSource | undefined
  afterEach(async () => {
    await source?.stop()
    source = undefined
  })

  for (const segmentType of ['mpegts', 'fmp4'] as const) {
    it(`serves ${segmentType} that ffprobe reads over HTTP`, async () => {
      source = await startLiveSource({ segmentType, waitForSegments: 2 })
      const probe = await runProcess({
        command: toolPath('ffprobe'),
        args: ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', source.url],
      })
      expect(probe.stdout.split(/\s+/).filter(Boolean)).toEqual(
        expect.arrayContaining(['h264', 'aac']),
      )
    })
  }

  it('slides its window and ends with ENDLIST', async () => {
    const live = await startLiveSource({
      segmentType: 'mpegts',
      listSize: 2,
      withAudio: false,
      startNumber: 40,
    })
    source = live
    await waitUntil({
      what: 'the window to slide',
      check: () => mediaSequence(live.playlist()) > 40,
    })
    expect(live.playlist().match(/^#EXTINF:1\.0/gm)).toHaveLength(2)
    expect(live.playlist()).toContain('#EXT-X-PROGRAM-DATE-TIME:')
    expect(live.playlist()).not.toContain('#EXT-X-ENDLIST')
    await live.endBroadcast()
    expect(await (await fetch(live.url)).text()).toContain('#EXT-X-ENDLIST')
  })

  it('goes away and comes back on the same port', async () => {
    source = await startLiveSource({ segmentType: 'mpegts', withAudio: false })
    await source.disconnect()
    await expect(fetch(source.url)).rejects.toThrow('fetch failed')
    await source.reconnect()
    expect((await fetch(source.url)).headers.get('content-type')).toBe(
      'application/vnd.apple.mpegurl',
    )
  })
})
