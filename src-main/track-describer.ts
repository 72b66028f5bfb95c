import type { Clock } from './ports/clock'
import type { Logger } from './ports/logger'
import { probeMedia } from './preprocess/probe-media'
import type { Tools } from './preprocess/tools'
import type { Commit, Library, MediaExtension, TrackStore } from './store/model'

const DEMUXERS = {
  ts: 'mpegts',
  m4s: 'mp4',
  mp4: 'mp4',
  aac: 'aac',
  mp3: 'mp3',
  ac3: 'ac3',
} as const

const demuxerFor = (extension: MediaExtension) =>
  extension in DEMUXERS ? DEMUXERS[extension as keyof typeof DEMUXERS] : undefined

/** What is nearly done when VSR ends is waited for, so that a short recording is described, too. */
const PATIENCE_MS = 1000

/**
 * Looks into the first segment of a track whose playlist named no codecs, once, and notes what it holds.
 * Without ffprobe nothing is noted; recording never waits for it.
 * @returns `close`: nothing is noted any more when it resolves, for the library may belong to another VSR by then. Idempotent.
 */
export function describeNewTracks(options: {
  library: Library
  tools: Pick<Tools, 'ffprobePath'>
  clock: Pick<Clock, 'sleep'>
  logger: Logger
}): { close(): Promise<void> } {
  const { library, tools, clock, logger } = options
  const seen = new Set<string>()
  const running = new Set<Promise<void>>()
  const ending = new AbortController()

  const describe = async ({ recordingId, trackId, row }: Commit) => {
    const tracks = (await library.get(recordingId)?.tracks()) ?? []
    const track = tracks.find(({ info }) => info.id === trackId)
    const ffprobePath = await tools.ffprobePath()
    if (track === undefined || row.kind !== 'segment') return
    if (ffprobePath === undefined || track.info.codecs !== '') return
    const demuxer = demuxerFor(row.extension)
    if (demuxer === undefined) return
    const files = [...initFile(track, row.initIndex), track.pathOf(row)]
    const description = await probeMedia({ ffprobePath, files, demuxer })
    if (description !== undefined && !ending.signal.aborted) await track.describe(description)
  }
  const unsubscribe = library.onCommit((commit) => {
    const key = `${commit.recordingId} ${commit.trackId}`
    if (commit.row.kind !== 'segment' || seen.has(key)) return
    seen.add(key)
    const done = describe(commit)
      .catch((err: unknown) => {
        logger.warn({ err, recording: commit.recordingId }, 'could not tell what a track holds')
      })
      .finally(() => running.delete(done))
    running.add(done)
  })
  const close = async (): Promise<void> => {
    unsubscribe()
    const waiting = new AbortController()
    const patience = clock.sleep(PATIENCE_MS, waiting.signal).catch(() => undefined)
    await Promise.race([Promise.all(running), patience])
    waiting.abort()
    ending.abort()
  }
  let closing: Promise<void> | undefined
  return { close: () => (closing ??= close()) }
}

function initFile(track: TrackStore, initIndex: number): string[] {
  const position = initIndex < 0 ? undefined : track.index.positionOf(initIndex)
  const row = position === undefined ? undefined : track.index.rowAt(position)
  return row?.kind === 'init' ? [track.pathOf(row)] : []
}
