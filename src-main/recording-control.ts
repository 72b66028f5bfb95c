import { VsrError } from '../src-preload/contract/errors'
import type { Quality } from '../src-preload/contract/model'
import { redactUrl } from './fetch/redact-url'
import { detectSource } from './preprocess/detect-source'
import type { Preprocessor } from './preprocess/preprocessor'
import type { Recorder } from './recorder/supervisor'
import type { Library, RecordingStore } from './store/model'

/** What the person asks of recordings: from what was pasted to a session that runs, and back. */
export interface RecordingControl {
  /** @throws VsrError where the source cannot be recorded; `cancelled` when VSR closes meanwhile. */
  start(input: { url: string; quality: Quality; name?: string }): Promise<RecordingStore>
  /** Idempotent; also for one that was cut off and does not run. */
  stop(recording: RecordingStore): Promise<void>
  /** Goes on with recordings that were cut off; with `url` only with those of that source. @returns those. */
  resume(url?: string): Promise<RecordingStore[]>
  /** Nothing starts after it, and nothing that was just starting is left behind. */
  close(): Promise<void>
}

/** A page behind yt-dlp may take this long; everything else has shorter deadlines of its own. */
const RESOLVE_DEADLINE_MS = 60_000

const closed = () => new VsrError('cancelled', 'VSR is closing.')

export function createRecordingControl(options: {
  library: Library
  preprocessor: Preprocessor
  recorder: Recorder
}): RecordingControl {
  const { library, preprocessor, recorder } = options
  const starting = new Set<Promise<unknown>>()
  const closing = new AbortController()

  const resolve = (url: string, signal: AbortSignal) =>
    preprocessor.resolve(url, AbortSignal.any([signal, AbortSignal.timeout(RESOLVE_DEADLINE_MS)]))

  const stop = async (recording: RecordingStore) => {
    if (recorder.status(recording.id) !== undefined) {
      await recorder.stop(recording.id)
    } else if (recording.meta.state === 'recording') {
      await recording.writeResumeInfo(undefined)
      await recording.update({ state: 'stopped' })
    }
  }
  const begin: RecordingControl['start'] = async ({ url, quality, name }) => {
    const source = await resolve(url, closing.signal)
    if (closing.signal.aborted) throw closed()
    const recording = await library.create({
      title: name?.trim() || source.title,
      sourceUrl: shownSource(url),
      state: 'recording',
      live: true,
    })
    await recording.writeResumeInfo({ inputUrl: url, quality })
    if (closing.signal.aborted) {
      await stop(recording)
      throw closed()
    }
    recorder.start({ recording, quality, resolve: (signal) => resolve(url, signal), source })
    return recording
  }
  const resumeOne = async (recording: RecordingStore, onlyUrl: string | undefined) => {
    const info = await recording.readResumeInfo()
    if (onlyUrl !== undefined && info?.inputUrl !== onlyUrl) return false
    if (info === undefined) {
      await recording.update({ state: 'stopped' })
      return false
    }
    const { inputUrl, quality } = info
    recorder.start({ recording, quality, resolve: (signal) => resolve(inputUrl, signal) })
    return true
  }

  return {
    stop,
    async start(input) {
      const started = begin(input)
      starting.add(started)
      try {
        return await started
      } finally {
        starting.delete(started)
      }
    },
    async resume(url) {
      const resumed: RecordingStore[] = []
      for (const recording of library.list()) {
        const isCutOff =
          recording.meta.state === 'recording' && recorder.status(recording.id) === undefined
        if (isCutOff && (await resumeOne(recording, url))) resumed.push(recording)
      }
      return resumed
    },
    async close() {
      closing.abort(closed())
      await Promise.allSettled(starting)
      await recorder.close()
    },
  }
}

/** What was pasted, as it may be kept and shown: without secrets. */
function shownSource(pasted: string): string {
  const detected = detectSource(pasted)
  return detected.kind === 'demo' ? 'demo:' : redactUrl(detected.url.href)
}
