import { describe, expect, it } from 'vitest'
import { createDispatcher } from '../../src-main/api/dispatcher'
import type { HostPort } from '../../src-main/api/host-port'
import type { Engine } from '../../src-main/engine'
import { type Logger, silentLogger } from '../../src-main/ports/logger'
import { apiErrorSchema, VsrError } from '../../src-preload/contract/errors'
import { isMethodName, type MethodName, methods } from '../../src-preload/contract/methods'
import type { ExportJob } from '../../src-preload/contract/model'
import type { UploadJob } from '../../src-preload/contract/upload'
import { createFakeEngine, noUploads } from '../support/fake-engine'
import { createSampleLibrary } from '../support/sample-library'

const ID = 'sample000001'
const job: ExportJob = {
  jobId: 'job1',
  recordingId: ID,
  title: 'Sample',
  fromMs: 0,
  toMs: 1000,
  format: 'mp4',
  mode: 'copy',
  state: 'done',
  percent: 100,
  createdMs: 0,
  result: {
    file: '/x/a.mp4',
    startMs: 0,
    durationSec: 1,
    bytes: 5,
    mode: 'copy',
    gapsSkippedSec: 0,
  },
}

const upload: UploadJob = {
  uploadId: 'upload1',
  exportJobId: 'job1',
  title: 'Sample',
  file: '/x/a.mp4',
  to: 's3://bucket/folder',
  removeLocal: false,
  state: 'running',
  percent: 40,
  createdMs: 0,
}

/** A right input for each method: a method that is added to the table has to be added here. */
const rightInputs: Record<MethodName, unknown> = {
  'system.info': {},
  'sources.probe': { url: 'https://example.org/live.m3u8' },
  'recordings.start': { url: 'https://example.org/live.m3u8', quality: '720p', name: 'N' },
  'recordings.update': { id: ID, keepWaiting: true },
  'recordings.pin': { id: ID, pinned: true },
  'recordings.pinSpan': { id: ID, fromMs: 1, toMs: 2, name: 'N' },
  'recordings.unpinSpan': { id: ID, spanId: 'p1' },
  'recordings.stop': { id: ID },
  'recordings.list': {},
  'recordings.get': { id: ID },
  'recordings.delete': { id: ID, now: true },
  'recordings.restore': { id: ID },
  'trash.list': {},
  'trash.empty': { ids: [ID] },
  'recordings.timeline': { id: ID },
  'playback.open': { id: ID },
  'exports.create': { recordingId: ID, fromMs: 0, toMs: 1000, format: 'mp4', mode: 'copy' },
  'exports.get': { jobId: 'job1' },
  'exports.list': {},
  'exports.cancel': { jobId: 'job1' },
  'exports.reveal': { jobId: 'job1' },
  'storage.get': {},
  'uploads.create': { jobId: 'job1', removeLocal: true },
  'uploads.get': { uploadId: 'upload1' },
  'uploads.list': {},
  'uploads.cancel': { uploadId: 'upload1' },
  'uploads.retry': { uploadId: 'upload1' },
  'settings.get': {},
  'settings.set': { theme: 'dark' },
}

function setUp(
  options: { overrides?: Partial<Engine>; host?: Partial<HostPort>; logger?: Logger } = {},
) {
  const library = createSampleLibrary({ dir: '/nowhere' })
  library.add({ id: ID }).sampleTrack().segment()
  const engine = createFakeEngine({
    library,
    overrides: {
      startRecording: async () => {
        const [first] = engine.listRecordings()
        if (first === undefined) throw new Error('the sample is missing')
        return first
      },
      getExport: () => job,
      listExports: async () => [job],
      cancelExport: () => Promise.resolve(job),
      uploads: {
        ...noUploads,
        create: async () => upload,
        get: () => upload,
        list: () => [upload],
        cancel: async () => upload,
        retry: async () => upload,
      },
      ...options.overrides,
    },
  })
  const revealed: string[] = []
  const host: HostPort = {
    kind: 'desktop',
    serverUrl: () => 'http://127.0.0.1:4321/',
    mediaToken: 'abc',
    revealFile: async (file) => void revealed.push(file),
    ...options.host,
  }
  const dispatcher = createDispatcher({ engine, host, logger: options.logger ?? silentLogger })
  return { dispatcher, engine, revealed }
}

describe('dispatcher', () => {
  it.each(Object.keys(methods))(
    '%s has a handler whose answer keeps to the contract',
    async (name) => {
      const { dispatcher } = setUp()
      if (!isMethodName(name)) throw new Error(`${name} is not in the table`)
      const reply = await dispatcher.dispatch(name, rightInputs[name])
      expect(reply).toMatchObject({ ok: true })
      expect(
        methods[name].output.safeParse(reply.ok ? reply.value : undefined).error,
      ).toBeUndefined()
    },
  )

  it('S28 never throws, whatever it is given, and answers in the contract’s words', async () => {
    const { dispatcher } = setUp()
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    const throwing = {
      get id(): string {
        throw new Error('a trap')
      },
    }
    const inputs: unknown[] = [
      undefined,
      null,
      0,
      Number.NaN,
      '',
      'text',
      [],
      [{}],
      true,
      Symbol('s'),
      () => {},
      circle,
      throwing,
      new Map(),
      { id: null },
      { id: '../..' },
      { id: { toString: () => ID } },
      { id: ID, extra: 1 },
      { url: 'x'.repeat(9000) },
      { url: 5 },
      { recordingId: ID, fromMs: -1, toMs: Number.POSITIVE_INFINITY },
      { recordingId: ID, fromMs: 0, toMs: 1e300 },
      { jobId: 'x'.repeat(1000) },
      { theme: 'neon' },
      JSON.parse('{"__proto__":{"polluted":true}}'),
      JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
    ]
    const names = [
      ...Object.keys(methods),
      '',
      '__proto__',
      'constructor',
      'toString',
      'a'.repeat(9999),
    ]
    for (const name of names) {
      for (const input of inputs) {
        const reply = await dispatcher.dispatch(name, input)
        if (reply.ok) continue
        expect(() => apiErrorSchema.parse(reply.error)).not.toThrow()
        expect(reply.error.message).not.toMatch(/\.ts:|a trap/)
      }
    }
    expect({}).not.toHaveProperty('polluted')
  })

  it('names the field that is not right', async () => {
    const { dispatcher } = setUp()
    const reply = await dispatcher.dispatch('recordings.start', { url: 'x', quality: 'huge' })
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'bad_request', message: expect.stringMatching(/"quality".*best, worst/) },
    })
  })

  it('passes expected failures on, without their causes', async () => {
    const { dispatcher } = setUp({
      overrides: {
        stopRecording: () =>
          Promise.reject(
            new VsrError('disk_full', 'The disk is full.', {
              hint: 'Make room.',
              cause: new Error('x'),
            }),
          ),
      },
    })
    expect(await dispatcher.dispatch('recordings.stop', { id: ID })).toEqual({
      ok: false,
      error: { code: 'disk_full', message: 'The disk is full.', hint: 'Make room.' },
    })
  })

  it('logs bugs and tells the person nothing of their inside', async () => {
    const logged: object[] = []
    const { dispatcher } = setUp({
      logger: { ...silentLogger, error: (fields) => void logged.push(fields) },
      overrides: { listRecordings: () => JSON.parse('{') as never },
    })
    const reply = await dispatcher.dispatch('recordings.list', {})
    expect(reply).toMatchObject({
      ok: false,
      error: {
        code: 'internal',
        message: expect.stringMatching(/^Something went wrong inside VSR\./),
      },
    })
    expect(logged).toMatchObject([{ method: 'recordings.list', err: expect.any(SyntaxError) }])
  })

  it('sets only the settings that were sent', async () => {
    const { dispatcher, engine } = setUp()
    await dispatcher.dispatch('settings.set', { theme: 'dark', parallelDownloads: 8 })
    await dispatcher.dispatch('settings.set', { quality: '720p' })
    expect(engine.getSettings()).toMatchObject({
      theme: 'dark',
      parallelDownloads: 8,
      quality: '720p',
    })
  })

  it('opens playback with an absolute address for the window, a relative one for a browser', async () => {
    const open = async (host: Partial<HostPort>) => {
      const reply = await setUp({ host }).dispatcher.dispatch('playback.open', { id: ID })
      return reply.ok ? reply.value : reply.error
    }
    expect(await open({ kind: 'desktop' })).toEqual({
      url: `http://127.0.0.1:4321/recordings/${ID}/live/stream.m3u8?dvr=1&token=abc`,
      pictureUrl: `http://127.0.0.1:4321/recordings/${ID}/live/stream.m3u8?dvr=1&sound=none&token=abc`,
      live: false,
      sounds: [],
    })
    expect(await open({ kind: 'server' })).toEqual({
      url: `/recordings/${ID}/live/stream.m3u8?dvr=1&token=abc`,
      pictureUrl: `/recordings/${ID}/live/stream.m3u8?dvr=1&sound=none&token=abc`,
      live: false,
      sounds: [],
    })
    expect(await open({ kind: 'server', mediaToken: undefined })).toMatchObject({
      url: `/recordings/${ID}/live/stream.m3u8?dvr=1`,
    })
  })

  it('shows a finished file where there is a file manager, and says so where there is none', async () => {
    const { dispatcher, revealed } = setUp()
    await dispatcher.dispatch('exports.reveal', { jobId: 'job1' })
    expect(revealed).toEqual(['/x/a.mp4'])

    const library = createSampleLibrary({ dir: '/nowhere' })
    const bare = createDispatcher({
      engine: createFakeEngine({ library, overrides: { getExport: () => job } }),
      host: { kind: 'server', serverUrl: () => '', mediaToken: undefined },
      logger: silentLogger,
    })
    expect(await bare.dispatch('exports.reveal', { jobId: 'job1' })).toMatchObject({
      error: { code: 'not_available_here' },
    })
  })

  it('hands events on until the subscription ends', () => {
    const { dispatcher, engine } = setUp()
    const seen: unknown[] = []
    const end = dispatcher.subscribe((event) => seen.push(event))
    engine.emit({ type: 'recording.removed', id: ID })
    end()
    engine.emit({ type: 'recording.removed', id: ID })
    expect(seen).toEqual([{ type: 'recording.removed', id: ID }])
  })
})
