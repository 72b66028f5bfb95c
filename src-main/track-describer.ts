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

/**
 * Looks into the first segment of a track whose playlist named no codecs, once, and notes what it holds.
 * Without ffprobe nothing is noted; recording never waits for it.
 * @returns the function that ends it.
 */
export function describeNewTracks(options: {
  library: Library
  tools: Pick<Tools, 'ffprobePath'>
  logger: Logger
}): () => void {
  const { library, tools, logger } = options
  const seen = new Set<string>()

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
    if (description !== undefined) await track.describe(description)
  }
  return library.onCommit((commit) => {
    const key = `${commit.recordingId} ${commit.trackId}`
    if (commit.row.kind !== 'segment' || seen.has(key)) return
    seen.add(key)
    describe(commit).catch((err: unknown) => {
      logger.warn({ err, recording: commit.recordingId }, 'could not tell what a track holds')
    })
  })
}

function initFile(track: TrackStore, initIndex: number): string[] {
  const position = initIndex < 0 ? undefined : track.index.positionOf(initIndex)
  const row = position === undefined ? undefined : track.index.rowAt(position)
  return row?.kind === 'init' ? [track.pathOf(row)] : []
}
