import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { InitRow, KeyRow, MediaExtension, SegmentRow, TrackStore } from '../store/model'
import { sealedFormats } from './sealed-list'
import { unseal } from './unseal'
import { packedFormats, writeUnsealedPacked } from './unseal-packed'

/** The stored segments of a track as files that ffmpeg can read without a key. */
export interface ClearFiles {
  /**
   * Paths of rows, with the initialization section they need in front: as stored where they are in the clear, else
   * decrypted into the work folder, each once. Decrypted fragments of MP4 have an initialization section each, of which
   * ffmpeg takes the first.
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

  const clearFile = async (row: SegmentRow, init: InitRow | undefined): Promise<string> => {
    if (row.keyIndex === undefined) return track.pathOf(row)
    const known = done.get(row.index)
    if (known !== undefined) return known
    const key = keyOf(track, row.keyIndex)
    const file = path.join(workFolder, `${name}-${row.index}.${row.extension}`)
    const packed = packedFormats.find((known) => known === row.extension)
    if (packed === undefined) {
      const format = sealedFormatOf(row.extension)
      const folder = path.join(workFolder, `${name}-${row.index}-sealed`)
      await unseal({ ...options, row, format, key, init, folder, file })
    } else {
      await writeUnsealedPacked({ track, row, format: packed, key, file })
    }
    done.set(row.index, file)
    return file
  }

  return {
    async filesOf(rows, init) {
      const files = init === undefined || bringsInit(rows[0]) ? [] : [track.pathOf(init)]
      for (const row of rows) files.push(await clearFile(row, init))
      return files
    },
  }
}

const bringsInit = (row: SegmentRow | undefined) =>
  row?.extension === 'm4s' && row.keyIndex !== undefined

function sealedFormatOf(extension: MediaExtension) {
  const format = sealedFormats.find((known) => known === extension)
  if (format !== undefined) return format
  throw new VsrError('export_failed', 'A stored segment is encrypted in a way that is not known.')
}

function keyOf(track: TrackStore, keyIndex: number): KeyRow {
  const position = track.index.positionOf(keyIndex)
  const row = position === undefined ? undefined : track.index.rowAt(position)
  if (row?.kind === 'key') return row
  throw new VsrError('export_failed', 'The key of a stored segment is missing.', {
    hint: 'Its row in the log was damaged. A range without it can be exported.',
  })
}
