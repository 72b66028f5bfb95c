import { VsrError } from '../../src-preload/contract/errors'
import { runProcess, words } from '../ports/run-process'
import type { Demuxer } from './choose-input'
import type { MediaStreams } from './media-streams'

const DEADLINE_MS = 6 * 3_600_000
const SEGMENT_SEC = 6

/**
 * Cuts a media file into HLS segments, the streams copied as they are.
 * @param options.folder where they go; empty.
 * @returns the name of the playlist in it.
 * @throws VsrError `unsupported_source` where ffmpeg cannot, `disk_full`; the signal's reason.
 */
export async function segmentMedia(options: {
  readonly ffmpegPath: string
  readonly file: string
  readonly demuxer: Demuxer
  readonly streams: MediaStreams
  readonly folder: string
  readonly signal: AbortSignal
}): Promise<string> {
  const { ffmpegPath, folder, signal } = options
  const { args, playlist } = segmentArgs(options)
  const run = await runProcess({
    file: ffmpegPath,
    args,
    cwd: folder,
    deadlineMs: DEADLINE_MS,
    signal,
  })
  signal.throwIfAborted()
  if (run.ended === 'exited' && run.exitCode === 0) return playlist
  const cause = new Error(run.stderr)
  if (/no space left/i.test(run.stderr)) {
    throw new VsrError('disk_full', 'The disk is full: the file could not be imported.', { cause })
  }
  throw new VsrError('unsupported_source', 'ffmpeg cannot cut this file into segments.', { cause })
}

/** Arguments for ffmpeg: the format is forced, no protocol but `file` is open (SECURITY S12), and no value is the file's own (S18). Pure. */
export function segmentArgs(options: {
  readonly file: string
  readonly demuxer: Demuxer
  readonly streams: MediaStreams
}): { readonly args: readonly string[]; readonly playlist: string } {
  const { file, demuxer, streams } = options
  const { video, audio } = streams
  const isTs = demuxer === 'mpegts'
  const tracks = video === undefined ? audio : [video, ...audio]
  const hasSeveralSounds = video !== undefined && audio.length > 1
  const prefix = hasSeveralSounds ? '%v-' : ''
  const form = isTs
    ? ['-hls_segment_filename', `${prefix}%d.ts`]
    : [
        ...words('-hls_segment_type fmp4 -strict experimental -hls_fmp4_init_filename'),
        `${prefix}init.mp4`,
        '-hls_segment_filename',
        `${prefix}%d.m4s`,
      ]
  const args = [
    ...words(`-hide_banner -loglevel error -nostdin -protocol_whitelist file,pipe -f ${demuxer}`),
    '-i',
    `file:${file}`,
    ...tracks.flatMap(({ index }) => ['-map', `0:${index}`]),
    ...words('-map_metadata -1 -c copy'),
    ...(video?.codec === 'hevc' && !isTs ? words('-tag:v hvc1') : []),
    ...words(`-f hls -hls_time ${SEGMENT_SEC} -hls_playlist_type vod`),
    ...form,
  ]
  if (!hasSeveralSounds) return { args: [...args, 'index.m3u8'], playlist: 'index.m3u8' }
  const sounds = audio.map(({ language }, at) =>
    [
      `a:${at},agroup:sound,name:sound${at}`,
      ...(at === 0 ? ['default:yes'] : []),
      ...(language === undefined ? [] : [`language:${language}`]),
    ].join(','),
  )
  const map = ['v:0,agroup:sound,name:picture', ...sounds].join(' ')
  return {
    args: [...args, '-var_stream_map', map, ...words('-master_pl_name main.m3u8'), '%v.m3u8'],
    playlist: 'main.m3u8',
  }
}
