import { crc32 } from 'node:zlib'
import type { FilePort } from '../file-port'
import type { FileRow } from '../model'
import { errnoOf } from '../store-error'
import type { RowFault } from './fault'

const READ_BYTES = 1024 * 1024

/**
 * Compares a stored file with its row: its size, and all of it where `deep`.
 * @returns what is wrong with it; undefined where it is what was stored.
 */
export async function checkFile(options: {
  readonly files: FilePort
  readonly path: string
  readonly row: FileRow
  readonly deep: boolean
}): Promise<Pick<RowFault, 'problem' | 'detail'> | undefined> {
  const { files, path, row, deep } = options
  try {
    const { kind, bytes } = await files.stat(path)
    if (kind !== 'file') return { problem: 'no-file', detail: `It is no file but a ${kind}.` }
    if (bytes !== row.bytes) {
      return { problem: 'changed', detail: `It has ${bytes} bytes, and ${row.bytes} were stored.` }
    }
    if (deep && (await checksumOf(files, path)) !== row.checksum) {
      return { problem: 'changed', detail: 'Its bytes are not those that were stored.' }
    }
    return undefined
  } catch (cause) {
    const code = errnoOf(cause)
    if (code === undefined) throw cause
    return code === 'ENOENT'
      ? { problem: 'missing', detail: 'This footage was stored, and its file is not there.' }
      : { problem: 'unreadable', detail: `It cannot be read (${code}). It may be whole.` }
  }
}

/** CRC-32 of a file, in pieces of a megabyte. Rejects with errno errors. */
async function checksumOf(files: FilePort, path: string): Promise<number> {
  const file = await files.open(path, 'read')
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    let checksum = 0
    let position = 0
    for (;;) {
      const bytes = await file.read(buffer, position)
      if (bytes === 0) return checksum
      checksum = crc32(buffer.subarray(0, bytes), checksum)
      position += bytes
    }
  } finally {
    await file.close()
  }
}
