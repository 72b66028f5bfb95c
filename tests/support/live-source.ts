import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { startNginx } from './nginx'
import { startProcess, words } from './processes'
import { createTempDir } from './temp-dir'
import { toolPath } from './tools'
import { waitUntil } from './wait-until'

export interface LiveSourceOptions {
  readonly segmentType: 'mpegts' | 'fmp4'
  /** Seconds of one segment, 1 unless told. */
  readonly segmentSec?: number
  /** Segments in the sliding window, 6 unless told. */
  readonly listSize?: number
  /** A 440 Hz tone; there unless told otherwise. */
  readonly withAudio?: boolean
  /** `320x180` unless told. */
  readonly size?: string
  /** Media sequence number of the first segment, 0 unless told. */
  readonly startNumber?: number
  /** EXT-X-PROGRAM-DATE-TIME; there unless told otherwise. */
  readonly programDateTime?: boolean
  /** Segments that have to be listed before the source counts as started, 1 unless told. */
  readonly waitForSegments?: number
}

export interface LiveSource {
  /** The media playlist. */
  readonly url: string
  readonly port: number
  /** The folder that ffmpeg writes and nginx serves. */
  readonly dir: string
  /** The playlist's text at this moment. */
  playlist(): string
  /** Ends the broadcast: ffmpeg writes EXT-X-ENDLIST; what is listed stays served. */
  endBroadcast(): Promise<void>
  /** The server goes away (connections are refused); the broadcast goes on. */
  disconnect(): Promise<void>
  /** The server comes back on the same port. */
  reconnect(): Promise<void>
  /** Ends ffmpeg and nginx and removes their files. Idempotent. */
  stop(): Promise<void>
}

/** A healthy live source that is not our own code: ffmpeg's HLS muxer in real time behind nginx. */
export async function startLiveSource(options: LiveSourceOptions): Promise<LiveSource> {
  const temp = createTempDir()
  const playlistFile = path.join(temp.dir, 'stream.m3u8')
  let nginx = await startNginx({ dir: temp.dir })
  const ffmpeg = await startProcess({
    command: toolPath('ffmpeg'),
    args: encoderArgs(options, temp.dir, playlistFile),
  })
  const playlist = () => (existsSync(playlistFile) ? readFileSync(playlistFile, 'utf8') : '')
  const stop = async () => {
    await ffmpeg.stop()
    await nginx.stop()
    await temp.remove()
  }
  try {
    await waitUntil({
      what: 'the live source to list its segments',
      check: () => {
        if (!ffmpeg.running) throw new Error(`ffmpeg ended: ${ffmpeg.stderr}`)
        return countSegments(playlist()) >= (options.waitForSegments ?? 1)
      },
    })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `${nginx.url}stream.m3u8`,
    port: nginx.port,
    dir: temp.dir,
    playlist,
    endBroadcast: async () => {
      await ffmpeg.stop()
    },
    disconnect: () => nginx.stop(),
    reconnect: async () => {
      nginx = await startNginx({ dir: temp.dir, port: nginx.port })
    },
    stop,
  }
}

const countSegments = (text: string): number => text.match(/^#EXTINF/gm)?.length ?? 0

/** A key frame at the start of each segment, so that every segment is exactly as long as asked for. */
function encoderArgs(options: LiveSourceOptions, dir: string, playlistFile: string): string[] {
  const { segmentType, segmentSec = 1, listSize = 6, size = '320x180' } = options
  const fps = 25
  const extension = segmentType === 'mpegts' ? 'ts' : 'm4s'
  const flags = ['delete_segments', 'temp_file', 'independent_segments']
  if (options.programDateTime ?? true) flags.push('program_date_time')
  const audio = options.withAudio ?? true
  const gop = fps * segmentSec
  return [
    ...words('-hide_banner -loglevel error -nostdin'),
    ...words(`-re -f lavfi -i testsrc2=size=${size}:rate=${fps}`),
    ...(audio ? words('-re -f lavfi -i sine=frequency=440:sample_rate=48000') : []),
    ...words('-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -b:v 400k'),
    ...words(`-g ${gop} -keyint_min ${gop} -sc_threshold 0`),
    ...(audio ? words('-c:a aac -b:a 64k') : []),
    ...words(`-f hls -hls_time ${segmentSec} -hls_list_size ${listSize} -hls_delete_threshold 2`),
    ...words(`-hls_flags ${flags.join('+')} -start_number ${options.startNumber ?? 0}`),
    ...words(`-hls_segment_type ${segmentType}`),
    ...(segmentType === 'fmp4' ? words('-hls_fmp4_init_filename init.mp4') : []),
    '-hls_segment_filename',
    path.join(dir, `segment-%d.${extension}`),
    playlistFile,
  ]
}
