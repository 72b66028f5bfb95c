import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { discardTemp, uniqueName } from './durable-files'
import type { FilePort } from './file-port'
import type { Row } from './model'
import { encodeRow } from './segment-row'
import type { TrackIndex } from './track-index'
import type { LogEnd } from './write-index-file'

/** Rows that are written in one go: well under a millisecond of work. */
const ROWS_PER_WRITE = 1000

/** A log without the rows that were let go, beside the one that is in use. */
export interface CompactedLog {
  /** Adds what has come meanwhile, and puts it in the place of the log; nothing may be added from now on. @returns its end. */
  replace(): Promise<LogEnd>
  /** Removes it, where it has not replaced the log. */
  discard(): Promise<void>
}

/**
 * Writes a log anew: the row that lets go, then the rows that are left. Rows may be added to the old one meanwhile. It lies in the recording's folder,
 * where a crash leaves it to be swept. Rejects with an errno error; nothing is left behind then.
 *
 * @param options.path of the log.
 * @param options.rows have let go of something, and do of nothing more until it is done.
 */
export async function compactLog(options: {
  readonly files: FilePort
  readonly path: string
  readonly rows: TrackIndex
}): Promise<CompactedLog> {
  const { files, path, rows } = options
  const { told, letGo } = rows
  if (letGo === undefined) throw new Error('nothing of this log was let go')
  const trackFolder = dirname(path)
  const temp = join(dirname(trackFolder), `.segments.${uniqueName()}.tmp`)
  const file = await files.open(temp, 'create')
  let bytes = 0
  let crc = 0
  let done = 0
  let isOpen = true
  const write = async (text: string): Promise<void> => {
    const data = Buffer.from(text)
    await file.write(data)
    bytes += data.length
    crc = crc32(data, crc)
  }
  /** Told rows up to the last one that there is. */
  const writeTold = async (): Promise<void> => {
    while (done < told.length) {
      let text = ''
      const to = Math.min(told.length, done + ROWS_PER_WRITE)
      for (; done < to; done += 1) text += encodeRow(told.rowAt(done))
      await write(text)
    }
  }
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await file.close()
  }
  const discard = async (): Promise<void> => {
    await close()
    await discardTemp(files, temp)
  }
  try {
    await write(encodeRow({ ...letGo, cleanIndex: letGo.index }))
    await writeTold()
    // Most of it, so that the last sync has little to do.
    await file.sync()
  } catch (cause) {
    await discard()
    throw cause
  }
  return {
    async replace() {
      await writeTold()
      const lates: readonly Row[] = rows.lates
      if (lates.length > 0) await write(lates.map(encodeRow).join(''))
      await file.sync()
      await close()
      await files.rename(temp, path)
      return { bytes, crc }
    },
    discard,
  }
}
