import type { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import type { MethodName, MethodOutput, methods } from '../../src-preload/contract/methods'
import type { Engine } from '../engine'
import type { HostPort } from './host-port'

/** A handler for each method of the contract: a missing one does not compile. */
export type Handlers = {
  readonly [M in MethodName]: (
    input: z.output<(typeof methods)[M]['input']>,
  ) => MethodOutput<M> | Promise<MethodOutput<M>>
}

/** The contract's table on top of the engine. Handlers throw VsrError on expected failures. */
export function createHandlers(options: {
  readonly engine: Engine
  readonly host: HostPort
}): Handlers {
  const { engine, host } = options
  return {
    'system.info': async () => ({
      ...(await engine.systemInfo()),
      host: host.kind,
      platform: process.platform,
      serverUrl: host.serverUrl(),
      canRevealFiles: host.revealFile !== undefined,
    }),
    'sources.probe': ({ url }) => engine.probe(url),
    'recordings.start': (input) => engine.startRecording(input),
    'recordings.update': (input) => engine.updateRecording(input),
    'recordings.pin': ({ id, pinned }) => engine.pinRecording(id, pinned),
    'recordings.pinSpan': async ({ name, ...span }) => ({
      pinnedSpans: [
        ...(await engine.pinSpan({ ...span, ...(name === undefined ? {} : { name }) })),
      ],
    }),
    'recordings.unpinSpan': async ({ id, spanId }) => ({
      pinnedSpans: [...(await engine.unpinSpan(id, spanId))],
    }),
    'recordings.stop': ({ id }) => engine.stopRecording(id),
    'recordings.list': () => engine.listRecordings(),
    'recordings.get': ({ id }) => engine.getRecording(id),
    'recordings.delete': async ({ id, now }) => {
      await engine.deleteRecording(id, { now: now === true })
      return { id }
    },
    'recordings.restore': ({ id }) => engine.restoreRecording(id),
    'trash.list': async () => [...(await engine.listTrash())],
    'trash.empty': async ({ ids }) => ({ removed: [...(await engine.emptyTrash(ids))] }),
    'recordings.timeline': ({ id }) => engine.timeline(id),
    'playback.open': async ({ id }) => {
      const { path, picturePath, ...opened } = await engine.openPlayback(id)
      return {
        ...opened,
        url: playbackUrl(path, host),
        pictureUrl: playbackUrl(picturePath, host),
      }
    },
    'exports.create': ({ recordingId, fromMs, toMs, format, mode, audio }) =>
      engine.createExport({
        recordingId,
        fromMs,
        toMs,
        ...(format === undefined ? {} : { format }),
        ...(mode === undefined ? {} : { mode }),
        ...(audio === undefined ? {} : { audio }),
      }),
    'exports.get': ({ jobId }) => engine.getExport(jobId),
    'exports.list': async () => [...(await engine.listExports())],
    'exports.cancel': ({ jobId }) => engine.cancelExport(jobId),
    'exports.reveal': async ({ jobId }) => {
      const { result } = engine.getExport(jobId)
      if (host.revealFile === undefined) {
        throw new VsrError('not_available_here', 'There is no file manager to show the file in.', {
          hint: 'Download it instead.',
        })
      }
      if (result === undefined) {
        throw new VsrError('bad_request', 'This export has no file to show yet.')
      }
      await host.revealFile(result.file)
      return { file: result.file }
    },
    'storage.get': () => engine.storage(),
    'uploads.create': (input) => engine.uploads.create(input),
    'uploads.get': ({ uploadId }) => engine.uploads.get(uploadId),
    'uploads.list': () => [...engine.uploads.list()],
    'uploads.cancel': ({ uploadId }) => engine.uploads.cancel(uploadId),
    'uploads.retry': ({ uploadId }) => engine.uploads.retry(uploadId),
    'settings.get': () => engine.getSettings(),
    'settings.set': (patch) => engine.setSettings(patch),
  }
}

/** Absolute for the window, whose own origin is another; relative to the origin in a browser. */
function playbackUrl(path: string, host: HostPort): string {
  const root = host.kind === 'desktop' ? host.serverUrl() : 'http://origin.invalid/'
  const url = new URL(path.replace(/^\/+/, ''), root)
  if (host.mediaToken !== undefined) url.searchParams.set('token', host.mediaToken)
  return host.kind === 'desktop' ? url.href : `${url.pathname}${url.search}`
}
