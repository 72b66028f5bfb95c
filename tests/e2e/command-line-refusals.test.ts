import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveSource, startLiveSource } from '../support/live-source'
import { freePort } from '../support/ports'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { recordingOf, runVsr } from '../support/vsr-process'

/** What the command line says to a person where it cannot do what it is asked. */

let source: LiveSource
beforeAll(async () => {
  source = await startLiveSource({ segmentType: 'mpegts', waitForSegments: 3 })
})
afterAll(() => source.stop())

describe('what cannot be done', () => {
  it.each([
    [['record', 'foo bar'], 'not_a_url'],
    [['record', 'ftp://127.0.0.1/x'], 'unsupported_source'],
    [['record', 'http://nowhere.invalid/x.m3u8'], 'dns_failure'],
    [['record', 'demo:', '--for', 'soon'], 'bad_time'],
    [['record', 'demo:', '--quality', 'great'], 'bad_request'],
    [['export', 'nothere', '-o', 'x.mp4'], 'recording_not_found'],
    [['serve', '--port', 'x'], 'bad_request'],
    [['nonsense'], 'bad_request'],
  ])('%j fails with %s and a sentence', async (args, code) => {
    const vsr = await runVsr([
      ...args,
      ...(args[0] === 'nonsense' ? [] : ['--library', tempDirForTest()]),
    ])
    expect(vsr.code).not.toBe(0)
    expect(vsr.stderr).toMatch(new RegExp(`^${code}: [A-Z“].*\\.\\n`))
    expect(vsr.stderr).not.toMatch(/\n\s+at /)
  })

  it('answers 404 and a refused connection with what happened', async () => {
    const library = tempDirForTest()
    const missing = await runVsr([
      'record',
      new URL('no.m3u8', source.url).href,
      '--library',
      library,
    ])
    expect(missing.stderr).toMatch(/^source_not_found: /)
    const nobody = `http://127.0.0.1:${await freePort()}/x.m3u8`
    const refused = await runVsr(['record', nobody, '--library', library])
    expect(refused.stderr).toMatch(/^connection_failed: /)
  })

  it('F22 says what it lacks when a key cannot be had and nothing was recorded', async () => {
    const origin = await startTestOrigin()
    try {
      const playlist = [
        '#EXTM3U',
        '#EXT-X-TARGETDURATION:1',
        '#EXT-X-KEY:METHOD=AES-128,URI="no-such-key"',
        '#EXTINF:1,',
        'segment.ts',
        '#EXT-X-ENDLIST',
      ]
      origin.serve('/locked.m3u8', playlist.join('\n'), 'application/vnd.apple.mpegurl')
      const { code, lines, stderr } = await runVsr([
        'record',
        `${origin.url}/locked.m3u8`,
        '--json',
        '--for',
        '6s',
        '--library',
        tempDirForTest(),
      ])
      expect(code).toBe(1)
      const stalled = lines.find(({ state }) => state === 'stalled')
      expect(stalled?.['cause']).toBe('key_unavailable')
      expect(stderr).toMatch(/^key_unavailable: Nothing was recorded\. .*key.*\.\n/)
    } finally {
      await origin.stop()
    }
  })

  it('F46 records without ffmpeg, and says at export what to install', async () => {
    const library = tempDirForTest()
    const env = {
      PATH: path.dirname(process.execPath),
      VSR_FFMPEG: '/nonexistent/ffmpeg',
      VSR_FFPROBE: '/nonexistent/ffprobe',
    }
    const recorded = await runVsr(
      ['record', source.url, '--for', '2s', '--json', '--library', library],
      { env },
    )
    expect(recorded.code).toBe(0)
    const { id } = recordingOf(recorded.lines.at(-1) ?? {})
    const exported = await runVsr(
      ['export', id, '-o', path.join(library, 'x.mp4'), '--library', library],
      { env },
    )
    expect(exported.code).toBe(1)
    expect(exported.stderr).toMatch(/^ffmpeg_missing: .*\n.*install/i)
  })

  it('sees before it records that the export could not be written', async () => {
    const library = tempDirForTest()
    const taken = path.join(library, 'taken.mp4')
    writeFileSync(taken, 'something else')
    for (const [file, code] of [
      [taken, 'export_target_exists'],
      [path.join(library, 'nowhere', 'x.mp4'), 'export_target_unwritable'],
    ] as const) {
      const vsr = await runVsr(['record', source.url, '--export', file, '--library', library])
      expect(vsr.code).toBe(1)
      expect(vsr.stderr).toMatch(new RegExp(`^${code}: `))
    }
    const list = await runVsr(['list', '--json', '--library', library])
    expect(JSON.parse(list.stdout)).toEqual([])
  })

  it('says so when the library cannot be written', async () => {
    const vsr = await runVsr(['record', source.url, '--library', '/proc/vsr-library'])
    expect(vsr.stderr).toMatch(/^library_unwritable: [A-Z].*\.\n/)
  })
})
