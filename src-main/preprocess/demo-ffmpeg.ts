import path from 'node:path'
import { words } from '../ports/run-process'

/**
 * Arguments that make ffmpeg a live source: a moving test picture with the wall clock and a frame number burnt in, a tone that
 * beeps each second, as HLS in `folder`.
 *
 * The second output is a lifeline. ffmpeg does not end when its standard input is closed, but it does when an output
 * cannot be written; so a thin copy of the tone goes to a pipe that VSR drains. When VSR dies, however it
 * dies, the pipe breaks and ffmpeg ends within a second (FAULTS F48).
 */
export function demoArgs(options: { folder: string; withClock: boolean }): string[] {
  return [
    ...words('-hide_banner -loglevel error -nostdin -y'),
    ...words('-re -f lavfi -i'),
    options.withClock ? `${PICTURE},${CLOCK}` : PICTURE,
    ...words('-re -f lavfi -i sine=frequency=220:beep_factor=4:sample_rate=48000'),
    ...words('-map 0:v -map 1:a'),
    ...words('-c:v libx264 -preset ultrafast -tune zerolatency -crf 28'),
    ...words('-pix_fmt yuv420p -g 25 -keyint_min 25 -sc_threshold 0'),
    ...words('-flags +cgop -c:a aac -b:a 96k -f hls -hls_time 1'),
    ...words('-hls_list_size 10 -hls_delete_threshold 5 -hls_segment_type mpegts'),
    '-hls_flags',
    // append_list: an ffmpeg that is started again goes on with the numbers, behind a discontinuity
    'program_date_time+delete_segments+temp_file+independent_segments+append_list+omit_endlist',
    '-hls_segment_filename',
    path.join(options.folder, 'segment-%d.ts'),
    path.join(options.folder, DEMO_PLAYLIST),
    ...words('-map 1:a -c:a pcm_u8 -ar 8000 -ac 1'),
    ...words('-f u8 -flush_packets 1 pipe:1'),
  ]
}

export const DEMO_PLAYLIST = 'stream.m3u8'

const PICTURE = 'testsrc2=size=640x360:rate=25'
/** Two levels of escaping: the filter graph's, then drawtext's own. */
const CLOCK = [
  String.raw`drawtext=text='%{localtime\:%Y-%m-%d %H\\\:%M\\\:%S}  frame %{n}'`,
  'fontsize=32:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=8:x=(w-tw)/2:y=h-70',
].join(':')

/** Arguments that draw one frame with the clock: where fontconfig or a font is missing, ffmpeg fails at once. */
export const clockCheckArgs: readonly string[] = [
  ...words('-hide_banner -loglevel error -nostdin'),
  ...words('-f lavfi -i'),
  `${PICTURE},${CLOCK}`,
  ...words('-frames:v 1 -f null -'),
]
