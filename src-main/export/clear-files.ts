import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import { ivDigits } from '../store/key-iv'
import type { InitRow, KeyRow, SegmentRow, TrackStore } from '../store/model'
import { fileUrl, sealedInputOptions, sealedList, unsealOptions } from './ffmpeg-args'
import { runFfmpeg } from './ffmpeg-command'
import { flushingTail } from './flushing-tail'

/** The stored segments of a track as files that ffmpeg can read without a key. */
export interface ClearFiles {
  /**
   * Paths of rows, with the initialization section they need in front: as stored where they are in the clear, else
   * decrypted into the work folder, each once.
   * @throws VsrError `export_failed`, `disk_full`, `cancelled`.
   */
  filesOf(rows: readonly SegmentRow[], init: InitRow | undefined): Promise<readonly string[]>
}

/** @param options.name differs between users of the same work folder. */
export function createClearFiles(options: {
  readonly track: TrackStore
  readonly name: string
  readonly ffmpegPath: string
  readonly workFolder: string
  readonly signal: AbortSignal
}): ClearFiles {
  const { track, name, workFolder } = options
  const done = new Map<number, string>()

  const clearFile = async (row: SegmentRow): Promise<string> => {
    if (row.keyIndex === undefined) return track.pathOf(row)
    const known = done.get(row.index)
    if (known !== undefined) return known
    const key = keyOf(track, row.keyIndex)
    const file = path.join(workFolder, `${name}-${row.index}.ts`)
    const folder = path.join(workFolder, `${name}-${row.index}-sealed`)
    try {
      await unseal({ ...options, row, key, folder, file })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    done.set(row.index, file)
    return file
  }

  return {
    async filesOf(rows, init) {
      const files = init === undefined ? [] : [track.pathOf(init)]
      for (const row of rows) files.push(await clearFile(row))
      return files
    },
  }
}

function keyOf(track: TrackStore, keyIndex: number): KeyRow {
  const position = track.index.positionOf(keyIndex)
  const row = position === undefined ? undefined : track.index.rowAt(position)
  if (row?.kind === 'key') return row
  throw new VsrError('export_failed', 'The key of a stored segment is missing.', {
    hint: 'Its row in the log was damaged. A range without it can be exported.',
  })
}

/**
 * Lets ffmpeg's HLS reader take SAMPLE-AES off one segment: a list, the segment and the key lie in a folder of their
 * own under fixed names, so that nothing of the source and no path stands in the list (SECURITY S12, S19). One segment
 * at a time, since ffmpeg reads ahead and would take the next segment's key for the last pictures of this one.
 */
async function unseal(options: {
  readonly track: TrackStore
  readonly row: SegmentRow
  readonly key: KeyRow
  readonly folder: string
  readonly file: string
  readonly ffmpegPath: string
  readonly signal: AbortSignal
}): Promise<void> {
  const { track, row, key, folder, file } = options
  const inFolder = (name: string) => path.join(folder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(inFolder('key.bin'), await readFile(track.pathOf(key)), { mode: 0o600 })
  const segment = await readFile(track.pathOf(row))
  await writeFile(inFolder('segment.ts'), segment)
  const tail = flushingTail(segment)
  const hasTail = tail.packets.length > 0
  if (hasTail) await writeFile(inFolder('tail.ts'), tail.packets)
  const iv = ivDigits(key, row.mediaSequence)
  const { durationSec } = row
  await writeFile(inFolder('list.m3u8'), sealedList({ iv, durationSec, hasTail }))
  await runFfmpeg({
    ffmpegPath: options.ffmpegPath,
    signal: options.signal,
    inputs: [{ source: fileUrl(inFolder('list.m3u8')), options: sealedInputOptions }],
    outputOptions: unsealOptions(tail),
    output: fileUrl(file),
    onProgress: () => {}, // short beside what follows
  })
}
