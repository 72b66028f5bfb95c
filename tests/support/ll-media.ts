import { readFileSync } from 'node:fs'
import path from 'node:path'
import { readMedia } from './media'
import { runProcess, words } from './processes'
import { createTempDir } from './temp-dir'
import { toolPath } from './tools'

/** A segment and the parts that make it up, one after the other. */
interface PartedSegment {
  readonly durationSec: number
  readonly parts: readonly Uint8Array[]
}

export interface PartedMedia {
  readonly extension: 'ts' | 'm4s'
  readonly initSection?: Uint8Array
  readonly segments: readonly PartedSegment[]
}

export const PARTS_PER_SEGMENT = 5
const TS_PACKET_BYTES = 188

/** Segments of 1 s in five parts each: MPEG-TS cut between packets, fMP4 cut between fragments. */
export async function makePartedMedia(options: {
  readonly kind: 'ts' | 'fmp4'
  readonly durationSec: number
}): Promise<PartedMedia> {
  return options.kind === 'ts' ? makeTs(options.durationSec) : makeFragments(options.durationSec)
}

async function makeTs(durationSec: number): Promise<PartedMedia> {
  const { media } = await readMedia({ kind: 'ts', durationSec })
  const segments = media.map(({ durationSec: lengthSec, body }) => {
    const packets = body.length / TS_PACKET_BYTES
    const cuts = Array.from(
      { length: PARTS_PER_SEGMENT + 1 },
      (_, at) => Math.round((packets * at) / PARTS_PER_SEGMENT) * TS_PACKET_BYTES,
    )
    const parts = cuts.slice(1).map((end, at) => body.subarray(cuts[at], end))
    return { durationSec: lengthSec, parts }
  })
  return { extension: 'ts', segments }
}

/** A fragment for every 5 frames of 25, a key frame every second. */
async function makeFragments(durationSec: number): Promise<PartedMedia> {
  const temp = createTempDir()
  const file = path.join(temp.dir, 'all.mp4')
  try {
    const run = await runProcess({
      command: toolPath('ffmpeg'),
      args: [
        ...words('-hide_banner -loglevel error -nostdin'),
        ...words(`-f lavfi -t ${durationSec} -i testsrc2=size=320x180:rate=25`),
        ...words('-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 300k -bf 0'),
        ...words('-g 25 -keyint_min 25 -sc_threshold 0 -f mp4'),
        ...words('-movflags +empty_moov+default_base_moof+frag_keyframe -frag_duration 200000'),
        file,
      ],
    })
    if (run.code !== 0) throw new Error(`ffmpeg could not make fragments: ${run.stderr}`)
    const boxes = topBoxes(readFileSync(file))
    const initSection = Buffer.concat(
      boxes.filter(({ type }) => type === 'ftyp' || type === 'moov').map(({ body }) => body),
    )
    const fragments = boxes.flatMap(({ type, body }, at) =>
      type === 'moof' ? [Buffer.concat([body, boxes[at + 1]?.body ?? Buffer.alloc(0)])] : [],
    )
    if (fragments.length !== durationSec * PARTS_PER_SEGMENT) {
      throw new Error(`${fragments.length} fragments in ${durationSec} s`)
    }
    const segments = Array.from({ length: durationSec }, (_, at) => ({
      durationSec: 1,
      parts: fragments.slice(at * PARTS_PER_SEGMENT, (at + 1) * PARTS_PER_SEGMENT),
    }))
    return { extension: 'm4s', initSection, segments }
  } finally {
    await temp.remove()
  }
}

function topBoxes(file: Buffer): { type: string; body: Buffer }[] {
  const boxes: { type: string; body: Buffer }[] = []
  for (let at = 0; at + 8 <= file.length; ) {
    const length = file.readUInt32BE(at)
    if (length < 8) throw new Error('a box of ffmpeg has no length')
    boxes.push({
      type: file.toString('latin1', at + 4, at + 8),
      body: file.subarray(at, at + length),
    })
    at += length
  }
  return boxes
}
