import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveLanguages } from '../support/language-source'
import { type LiveSource, startLiveSource } from '../support/live-source'
import { probeFile } from '../support/probe-file'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import {
  type JsonLine,
  type RecordingLine,
  recordingOf,
  runVsr,
  startVsr,
} from '../support/vsr-process'
import { waitUntil } from '../support/wait-until'

/** Issue 2, item 4: the same from the command line, as a person and as a script. */

let source: LiveSource
beforeAll(async () => {
  // What is made while a process starts again stays listed, however slow the machine is.
  source = await startLiveSource({ segmentType: 'mpegts', waitForSegments: 3, listSize: 60 })
})
afterAll(() => source.stop())

describe('vsr record', () => {
  it('reports state and progress, ends cleanly on Ctrl-C and leaves a playable result', async () => {
    const library = tempDirForTest()
    const vsr = await startVsr(['record', source.url, '--json', '--library', library])
    await vsr.waitFor('progress', { match: (line) => Number(line['segments']) >= 4 })
    const { code } = await vsr.stop('SIGINT')
    expect(code).toBe(0)

    const states = vsr.lines.filter(({ event }) => event === 'state').map(({ state }) => state)
    expect(states).toEqual(['resolving', 'recording', 'stopping', 'stopped'])
    const last = vsr.lines.at(-1)
    expect(last?.event).toBe('result')
    const recording = recordingOf(last ?? {})
    expect(recording.segments).toBeGreaterThanOrEqual(4)
    expect(recording.gaps).toBe(0)

    const file = path.join(library, 'whole.mp4')
    const exported = await runVsr([
      'export',
      recording.id,
      '-o',
      file,
      '--json',
      '--library',
      library,
    ])
    expect(exported.code).toBe(0)
    expect(exported.lines.at(-1)).toMatchObject({ event: 'result', file, mode: 'copy' })
    const media = await probeFile(file)
    expect(Math.abs(media.durationSec - recording.durationSec)).toBeLessThan(0.2)
  })

  it('says on stderr nothing of what it deals with itself', async () => {
    const own = await startLiveSource({ segmentType: 'mpegts', waitForSegments: 3 })
    try {
      const vsr = await startVsr(['record', own.url, '--json', '--library', tempDirForTest()])
      await vsr.waitFor('progress', { match: (line) => Number(line['segments']) >= 2 })
      await own.disconnect()
      const stalled = await vsr.waitFor('state', { match: (line) => line['state'] === 'stalled' })
      expect(stalled['cause']).toBe('connection_failed')
      expect((await vsr.stop('SIGINT')).code).toBe(0)
      expect(vsr.stderr).toBe('')
    } finally {
      await own.stop()
    }
  })

  it('stops after --for and exports with --export', async () => {
    const library = tempDirForTest()
    const file = path.join(library, 'clip.mp4')
    const { code, lines } = await runVsr([
      'record',
      source.url,
      '--json',
      '--for',
      '4s',
      '--export',
      file,
      '--library',
      library,
    ])
    expect(code).toBe(0)
    const result = lines.at(-1) ?? {}
    expect(result['export']).toMatchObject({ file, mode: 'copy', gapsSkippedSec: 0 })
    const { durationSec } = recordingOf(result)
    expect(durationSec).toBeGreaterThanOrEqual(3)
    expect(durationSec).toBeLessThan(10)
    expect(Math.abs((await probeFile(file)).durationSec - durationSec)).toBeLessThan(0.2)
  })

  it('F34 goes on in the same recording after a kill, with nothing acknowledged missing', async () => {
    const library = tempDirForTest()
    const args = ['record', source.url, '--json', '--library', library]
    const first = await startVsr(args)
    const before = await first.waitFor('progress', {
      match: ({ segments }) => Number(segments) >= 3,
    })
    const states = async () =>
      (
        JSON.parse(
          (await runVsr(['list', '--json', '--library', library])).stdout,
        ) as RecordingLine[]
      ).map(({ state }) => state)
    expect(await states()).toEqual(['recording'])
    await first.stop('SIGKILL')
    expect(await states()).toEqual(['idle'])

    const second = await startVsr(args)
    await second.waitFor('progress', {
      match: ({ id, segments }) =>
        id === before['id'] && Number(segments) >= Number(before['segments']) + 2,
    })
    await second.stop('SIGINT')
    const recording = recordingOf(second.lines.at(-1) ?? {})
    expect(recording.id).toBe(before['id'])
    expect(recording.gaps).toBe(0)
    expect(recording.segments).toBeGreaterThanOrEqual(Number(before['segments']) + 2)
  })

  it('records several sources at once in one server, and goes on with them after a restart', async () => {
    const library = tempDirForTest()
    const serve = () => startVsr(['serve', '--json', '--port', '0', '--library', library])
    const call = async (listening: JsonLine, method: string, input: object) => {
      const response = await fetch(`${String(listening['url'])}api/v1/${method}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${String(listening['token'])}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(input),
      })
      return ((await response.json()) as { value: unknown }).value
    }
    const list = async (listening: JsonLine) =>
      (await call(listening, 'recordings.list', {})) as RecordingLine[]

    const first = await serve()
    const listening = await first.waitFor('listening')
    await call(listening, 'recordings.start', { url: source.url, name: 'one' })
    await call(listening, 'recordings.start', { url: source.url, name: 'two' })
    const before = await waitUntil({
      what: 'both recordings to have segments',
      check: async () => {
        const recordings = await list(listening)
        return (
          recordings.length === 2 && recordings.every(({ segments }) => segments >= 2) && recordings
        )
      },
    })
    await first.stop('SIGKILL')

    const second = await serve()
    const again = await second.waitFor('listening')
    await waitUntil({
      what: 'both recordings to go on',
      check: async () =>
        (await list(again)).every(
          ({ id, state, segments }) =>
            state === 'recording' &&
            segments > (before.find((recording) => recording.id === id)?.segments ?? Infinity),
        ),
    })
    await second.stop()
  })
})

describe('deleting while an export runs', () => {
  it('is refused until the export is over', async () => {
    const library = tempDirForTest()
    const vsr = await startVsr(['serve', '--port', '0', '--json', '--library', library])
    const { url, token } = await vsr.waitFor('listening')
    const call = async (method: string, input: object) => {
      const response = await fetch(new URL(`/api/v1/${method}`, String(url)), {
        method: 'POST',
        headers: { authorization: `Bearer ${String(token)}`, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      })
      return (await response.json()) as {
        readonly ok: boolean
        readonly value: RecordingLine & { readonly jobId: string }
        readonly error?: { readonly code: string }
      }
    }
    const { id } = (await call('recordings.start', { url: source.url })).value
    const { startMs, endMs } = await waitUntil({
      what: 'some segments',
      check: async () => {
        const { value } = await call('recordings.get', { id })
        return value.segments >= 4 && value
      },
    })
    const range = { recordingId: id, fromMs: startMs, toMs: endMs, mode: 'exact' }
    const { jobId } = (await call('exports.create', range)).value
    expect((await call('recordings.delete', { id })).error?.code).toBe('recording_active')
    await waitUntil({
      what: 'the export to be done',
      check: async () => (await call('exports.get', { jobId })).value.state === 'done',
    })
    expect((await call('recordings.delete', { id })).ok).toBe(true)
    await vsr.stop()
  })
})

describe('vsr list, show, delete', () => {
  it('names the same recording, with figures, until it is deleted', async () => {
    const library = tempDirForTest()
    const recorded = await runVsr([
      'record',
      source.url,
      '--for',
      '2s',
      '--json',
      '--library',
      library,
    ])
    const { id } = recordingOf(recorded.lines.at(-1) ?? {})
    const list = await runVsr(['list', '--json', '--library', library])
    expect(JSON.parse(list.stdout)).toMatchObject([
      { id, state: 'stopped', pinned: false, completeness: 1 },
    ])
    const show = await runVsr(['show', id, '--json', '--library', library])
    expect(show.lines).toMatchObject([
      {
        id,
        gapList: [],
        markers: [],
        tracks: [
          {
            id: 'v0',
            kind: 'video',
            codecs: expect.stringMatching(/^avc1\..*,mp4a\.40\.2$/),
            resolution: { width: 320, height: 180 },
          },
        ],
        epochs: [{ epoch: 0, clock: 'source' }],
      },
    ])
    expect((await runVsr(['delete', id, '--library', library])).code).toBe(0)
    const trash = await runVsr(['trash', '--json', '--library', library])
    expect(JSON.parse(trash.stdout)).toMatchObject([{ id }])
    expect((await runVsr(['restore', 'latest', '--library', library])).code).toBe(0)
    expect(existsSync(path.join(library, 'recordings', id))).toBe(true)
    expect((await runVsr(['delete', id, '--now', '--library', library])).code).toBe(0)
    expect((await runVsr(['trash', '--library', library])).stdout).toContain('empty')
    expect(existsSync(path.join(library, 'recordings', id))).toBe(false)
    expect((await runVsr(['show', id, '--library', library])).stderr).toMatch(
      /^recording_not_found: /,
    )
  })
})

describe('paths', () => {
  it('are meant from where the person stands, also through npm run', async () => {
    const folder = tempDirForTest()
    const env = { npm_lifecycle_event: 'vsr', INIT_CWD: folder }
    const args = [
      'record',
      source.url,
      '--for',
      '2s',
      '--export',
      'clip.mp4',
      '--library',
      'lib',
      '--json',
    ]
    const { code, lines } = await runVsr(args, { env })
    expect(code).toBe(0)
    expect(lines.at(-1)?.['export']).toMatchObject({ file: path.join(folder, 'clip.mp4') })
    expect(existsSync(path.join(folder, 'lib', 'recordings'))).toBe(true)
  })
})

describe('vsr doctor', () => {
  it('says how much room there is for a library that the first recording will make', async () => {
    const library = path.join(tempDirForTest(), 'not', 'made', 'yet')
    const { code, stdout } = await runVsr(['doctor', '--library', library])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`ok +library +${library}, [1-9][\\d.]* \\w+ free`))
    expect(existsSync(library)).toBe(false)
  })
})

describe('vsr probe', () => {
  it('says what would be recorded', async () => {
    const { code, lines } = await runVsr([
      'probe',
      source.url,
      '--json',
      '--library',
      tempDirForTest(),
    ])
    expect(code).toBe(0)
    expect(lines).toMatchObject([
      { kind: 'hls', live: true, playlistUrl: source.url, resolver: 'direct' },
    ])
  })
})

describe('a source with several languages, on the command line', () => {
  it('is shown by probe; a language that is not there is said, and exports carry the one that is asked for', async () => {
    const origin = await startTestOrigin()
    const library = tempDirForTest()
    try {
      const url = await serveLanguages(origin)
      const probe = await runVsr(['probe', url, '--library', library])
      expect(probe.stdout).toContain('sound: Deutsch (de), English (en)')
      expect(probe.stdout).toContain('subtitles: English (en), Deutsch (de)')
      expect(probe.stdout).toContain('captions: English CC (en)')

      const wanted = ['--audio', 'de,en,fr', '--quality', '9000p', '--library', library]
      const recorded = await runVsr(['record', url, ...wanted, '--json'])
      const wishes = recorded.lines.filter(({ type }) => type === 'wish')
      expect(wishes).toMatchObject([
        { about: 'quality', wanted: '9000p', offered: ['180p'], instead: '180p' },
        { about: 'audio', wanted: 'fr', offered: ['Deutsch (de)', 'English (en)'] },
      ])
      const { id } = recordingOf(recorded.lines.at(-1) ?? {})

      const file = path.join(library, 'german.mp4')
      const exporting = ['export', id, '-o', file, '--library', library]
      const missing = await runVsr([...exporting, '--audio', 'fr'])
      expect(missing.code).toBe(1)
      expect(missing.stderr).toContain('There is English (en), Deutsch (de).')
      const exported = await runVsr([...exporting, '--audio', 'de'])
      expect(exported.stdout).toContain('sound Deutsch')
      expect(existsSync(file)).toBe(true)
      const listed = await runVsr(['list', '--library', library])
      expect(listed.stdout).toMatch(/\bended\b/)
    } finally {
      await origin.stop()
    }
  })
})
