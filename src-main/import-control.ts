import { VsrError } from '../src-preload/contract/errors'
import type { PlaylistParser } from './hls/parser'
import { prepareImport, type PreparedImport } from './importing/prepare-import'
import type { Clock } from './ports/clock'
import type { Logger } from './ports/logger'
import type { Tools } from './preprocess/tools'
import { createRecorder } from './recorder/supervisor'
import type { Library, RecordingStore } from './store/model'

/** What the person wants to be imported. */
export interface ImportRequest {
  /** Absolute path of a playlist, its folder, or a media file. */
  readonly path: string
  /** Else it is called as its file is. */
  readonly name?: string
  /** Ends the import; nothing of it stays. */
  readonly signal: AbortSignal
  /** 0..100, while it is stored. */
  readonly onProgress: (percent: number) => void
}

/** What became of an import. */
export interface Imported {
  readonly recording: RecordingStore
  /** Where the recording's time comes from: the playlist, or the files' own dates. */
  readonly clock: 'source' | 'file'
  /** What was left behind, in words. */
  readonly notTaken: readonly string[]
}

interface ImportParts {
  readonly library: Library
  readonly libraryDir: string
  readonly parser: PlaylistParser
  readonly tools: Tools
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

const PARALLEL_READS = 3

/** What stands at an import that was cut off, by a kill or a power cut. */
const cutOff = {
  code: 'import_incomplete',
  message: 'The import was interrupted, and this is not all of it.',
  hint: 'What is here plays. Delete it and import again to have it whole.',
} as const

/**
 * Records from files instead of a server: the same pipeline checks, stores and notes what is missing. Whole when it resolves;
 * where it throws, nothing of it stays, and after a kill what is there says that it is incomplete.
 * @throws VsrError with what is wrong.
 */
export async function importRecording(
  parts: ImportParts,
  request: ImportRequest,
): Promise<Imported> {
  const { library, libraryDir } = parts
  const { signal } = request
  const prepared = await prepareImport({ ...parts, libraryDir, path: request.path, signal })
  try {
    const recording = await library.create({
      title: request.name?.trim() || prepared.title,
      sourceUrl: `import:${prepared.title}`,
      state: 'failed',
      failure: cutOff,
      live: false,
    })
    try {
      await storeAll(parts, request, prepared, recording)
    } catch (error) {
      await library.delete(recording.id)
      throw error
    }
    const { isDated, notTaken } = prepared
    return { recording, clock: isDated ? 'source' : 'file', notTaken }
  } finally {
    await prepared.close()
  }
}

/** Failures that waiting does not cure: an import can be repeated, a live stream could not. */
const hopeless: ReadonlySet<string> = new Set(['disk_full', 'library_unwritable', 'internal'])

/** Resolves when it is stored whole. @throws VsrError where it cannot be, or the signal is aborted. */
async function storeAll(
  parts: ImportParts,
  { signal, onProgress }: ImportRequest,
  prepared: PreparedImport,
  recording: RecordingStore,
): Promise<void> {
  const { http, playlistUrl, title, durationSec, madeMs } = prepared
  const recorder = createRecorder({
    ...parts,
    http,
    clock: clockAt(parts.clock, madeMs),
    parallelDownloads: () => PARALLEL_READS,
  })
  const source = { playlistUrl, headers: {}, title, allowPrivateNetwork: false }
  const { promise: ended, resolve, reject } = deferred()
  const stopListening = recorder.onChange((id, { state, reason }) => {
    const error = reason?.cause
    if (id !== recording.id) return
    if (state === 'stopped') resolve()
    else if (state === 'failed' || (error !== undefined && hopeless.has(error.code))) {
      const { code = 'internal', message = 'The import failed.', hint } = error ?? {}
      reject(new VsrError(code, message, hint === undefined ? {} : { hint }))
    }
  })
  const stopCounting = parts.library.onCommit(({ recordingId }) => {
    if (recordingId !== recording.id) return
    onProgress(Math.min(100, (recording.figures.durationSec / Math.max(1, durationSec)) * 100))
  })
  const abort = () => reject(new VsrError('cancelled', 'The import was cancelled.'))
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    recorder.start({
      recording,
      quality: 'best',
      lowest: 'off',
      audio: 'all',
      resolve: () => Promise.resolve(source),
      source,
    })
    await ended
  } finally {
    signal.removeEventListener('abort', abort)
    stopListening()
    stopCounting()
    await recorder.close()
  }
  if (recording.figures.segments === 0) {
    throw new VsrError('no_footage', 'None of it could be read as video or sound.')
  }
}

/** A clock that is set to an instant in the past and goes on from there: what names no time was made then. */
function clockAt(clock: Clock, startMs: number): Clock {
  const offsetMs = Math.round(startMs) - clock.nowMs()
  return { ...clock, nowMs: () => clock.nowMs() + offsetMs }
}

/** A promise that others settle. */
function deferred() {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
