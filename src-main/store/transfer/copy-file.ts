import { crc32 } from 'node:zlib'
import type { FilePort, OpenFile } from '../file-port'
import type { FileRow } from '../model'
import { errnoOf } from '../store-error'
import { unreadableSource } from './source-error'

const READ_BYTES = 1024 * 1024
/** Readable for its owner only. */
const SECRET_PERMISSIONS = 0o600

/**
 * Copies a stored file of another library, and reads it on the way: what is copied is what its row says.
 * Its folder is not synced.
 * @returns false where the file is gone or is another one; nothing is left at `to` then.
 * Throws VsrError `bad_request` where it cannot be read; errno errors of the target's disk.
 */
export async function copyStoredFile(options: {
  readonly source: FilePort
  readonly from: string
  readonly files: FilePort
  readonly to: string
  readonly row: FileRow
}): Promise<boolean> {
  const { source, from, files, to, row } = options
  const reading = await openSource(source, from, row)
  if (reading === undefined) return false
  try {
    const permissions = row.kind === 'key' ? SECRET_PERMISSIONS : undefined
    const target = await files.open(to, 'create', permissions)
    let isWhole = false
    try {
      isWhole = await pour(reading, from, target, row)
      if (isWhole) await target.sync()
    } finally {
      await target.close()
    }
    if (!isWhole) await files.unlink(to)
    return isWhole
  } finally {
    await reading.close()
  }
}

/** Undefined where there is no file of that size. */
async function openSource(
  source: FilePort,
  from: string,
  row: FileRow,
): Promise<OpenFile | undefined> {
  try {
    const { kind, bytes } = await source.stat(from)
    if (kind !== 'file' || bytes !== row.bytes) return undefined
    return await source.open(from, 'read')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw unreadableSource(from, cause)
  }
}

/** @returns whether it was what the row says. */
async function pour(
  reading: OpenFile,
  from: string,
  target: OpenFile,
  row: FileRow,
): Promise<boolean> {
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, row.bytes + 1))
  let checksum = 0
  let position = 0
  for (;;) {
    const bytes = await reading.read(buffer, position).catch((cause: unknown) => {
      throw unreadableSource(from, cause)
    })
    if (bytes === 0) return position === row.bytes && checksum === row.checksum
    position += bytes
    if (position > row.bytes) return false
    const chunk = buffer.subarray(0, bytes)
    checksum = crc32(chunk, checksum)
    await target.write(chunk)
  }
}
