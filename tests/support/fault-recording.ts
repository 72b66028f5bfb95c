import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type LoadPolicy, loadPolicy } from '../../src-main/fetch/load-policy'
import type { GapRow, RecordingStore, SegmentRow } from '../../src-main/store/model'
import { rowsOf, trackOf } from './real-recorder'

/** The load policy with deadlines that a test can wait for. */
export const impatientPolicy: LoadPolicy = {
  ...loadPolicy,
  playlist: { ...loadPolicy.playlist, firstByteMs: 400, idleMs: 400 },
  segment: { ...loadPolicy.segment, firstByteMs: 400, idleMs: 400 },
}

/** What a recording has of one track. */
export async function storedOf(recording: RecordingStore, trackId = 'v0') {
  const track = await trackOf(recording, trackId)
  const rows = rowsOf(track)
  const segments = rows.filter((row): row is SegmentRow => row.kind === 'segment')
  return {
    rows,
    segments,
    numbers: segments.map((row) => row.mediaSequence),
    gaps: rows.filter((row): row is GapRow => row.kind === 'gap'),
    bodies: segments.map((row) => readFileSync(track.pathOf(row))),
  }
}

/** Files of segments that were begun and are neither stored nor removed. */
export const tempFiles = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => path.basename(path.dirname(file)) === 'tmp',
  )
