import { VsrError } from '../src-preload/contract/errors'
import type { ResolveSource } from './fetch/source'
import type { StreamChoice } from './recorder/source/choose-streams'
import { redactUrl } from './fetch/redact-url'
import { detectSource } from './preprocess/detect-source'
import { withDeadline } from './ports/with-deadline'
import type { Clock } from './ports/clock'
import type { Preprocessor } from './preprocess/preprocessor'
import { DEMO_TITLE, titleOf } from './preprocess/source-title'
import type { Recorder } from './recorder/supervisor'
import type { Library, RecordingStore } from './store/model'

/** What the person asks of recordings: from what was pasted to a session that runs, and back. */
export interface RecordingControl {
  /**
   * With `waitForLive` the source need not be there yet: the recording begins by itself as soon as it is.
   * @throws VsrError where the source cannot be recorded; `already_recording` with `unlessRecording`; `cancelled` when VSR closes meanwhile.
   */
  start(input: StartInput): Promise<RecordingStore>
  /** Idempotent; also for one that was cut off and does not run. */
  stop(recording: RecordingStore): Promise<void>
  /** Goes on with recordings that were cut off; with `url` only with those of that source. @returns those. */
  resume(url?: string): Promise<RecordingStore[]>
  /** Nothing starts after it, and nothing that was just starting is left behind. */
  close(): Promise<void>
}

interface StartInput {
  readonly url: string
  readonly choice: StreamChoice
  readonly name?: string | undefined
  readonly waitForLive?: boolean | undefined
  readonly keepWaiting?: boolean | undefined
  readonly unlessRecording?: boolean | undefined
}

/** A page behind yt-dlp may take this long; everything else has shorter deadlines of its own. */
const RESOLVE_DEADLINE_MS = 60_000

/** Why looking for the stream behind an address was ended. */
export const pageTooSlow = () =>
  new VsrError('source_timeout', 'The page took more than a minute to say where its stream is.')
const closed = () => new VsrError('cancelled', 'VSR is closing.')

export function createRecordingControl(options: {
  library: Library
  preprocessor: Preprocessor
  recorder: Recorder
  clock: Clock
}): RecordingControl {
  const { library, preprocessor, recorder, clock } = options
  const starting = new Set<Promise<unknown>>()
  /** What was pasted for each recording that runs, by its id: never on disk but in its resume info. */
  const pasted = new Map<string, string>()
  const closing = new AbortController()

  const resolve = (url: string, signal: AbortSignal) =>
    withDeadline({ clock, signal, afterMs: RESOLVE_DEADLINE_MS, reason: pageTooSlow }, (either) =>
      preprocessor.resolve(url, either),
    )

  const stop = async (recording: RecordingStore) => {
    if (recorder.status(recording.id) !== undefined) {
      await recorder.stop(recording.id)
    } else if (recording.meta.state === 'recording') {
      await recording.writeResumeInfo(undefined)
      await recording.update({ state: 'stopped' })
    }
  }
  /** Resolves, and gives a recording that began before its source was there the source's title. */
  const resolverOf =
    (recording: RecordingStore, url: string): ResolveSource =>
    async (signal) => {
      const source = await resolve(url, signal)
      const { title } = recording.meta
      const isPlaceholder = title === placeholderTitle(url) || title === shownSource(url)
      if (isPlaceholder && title !== source.title) await recording.update({ title: source.title })
      return source
    }
  const refuseTwice = (url: string) => {
    const running = library
      .list()
      .find(({ id }) => recorder.status(id) !== undefined && pasted.get(id) === url)
    if (running === undefined) return
    const message = `“${running.meta.title}” records this address already.`
    throw new VsrError('already_recording', message, {
      hint: 'It can be recorded a second time all the same.',
    })
  }
  const begin: RecordingControl['start'] = async (input) => {
    const { url, choice, name, waitForLive = false, keepWaiting = false } = input
    if (input.unlessRecording === true) refuseTwice(url)
    const sourceUrl = shownSource(url)
    const source = waitForLive ? undefined : await resolve(url, closing.signal)
    if (closing.signal.aborted) throw closed()
    const recording = await library.create({
      title: name?.trim() || (source?.title ?? placeholderTitle(url)),
      sourceUrl,
      state: 'recording',
      live: true,
      keepWaiting,
    })
    await recording.writeResumeInfo({ inputUrl: url, ...choice })
    if (closing.signal.aborted) {
      await stop(recording)
      throw closed()
    }
    const found = source === undefined ? {} : { source }
    pasted.set(recording.id, url)
    recorder.start({ recording, ...choice, resolve: resolverOf(recording, url), ...found })
    return recording
  }
  const resumeOne = async (recording: RecordingStore, onlyUrl: string | undefined) => {
    const info = await recording.readResumeInfo()
    if (onlyUrl !== undefined && info?.inputUrl !== onlyUrl) return false
    if (info === undefined) {
      await recording.update({ state: 'stopped' })
      return false
    }
    const { inputUrl, ...choice } = info
    pasted.set(recording.id, inputUrl)
    recorder.start({ recording, ...choice, resolve: resolverOf(recording, inputUrl) })
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

/** What a recording is called until its source is there to say. */
function placeholderTitle(pasted: string): string {
  const detected = detectSource(pasted)
  return detected.kind === 'demo' ? DEMO_TITLE : titleOf(detected.url)
}
