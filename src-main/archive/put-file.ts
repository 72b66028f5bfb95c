import { copyFile, link, lstat, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { VsrError } from '../../src-preload/contract/errors'
import type { FileRow } from '../store/model'

const READ_BYTES = 1024 * 1024

/**
 * Puts a stored file under a second name, and checks what is read there against its row. A link where the file system allows one:
 * stored files are never written to again, only removed, which leaves the other name as it is. A key is copied, so that its
 * permissions are its own.
 * @returns whether it is a link.
 * @throws VsrError `segment_not_found` where it is not the file that was stored; the system's error where it cannot be written.
 */
export async function putFile(options: {
  readonly from: string
  readonly to: string
  readonly row: FileRow
}): Promise<boolean> {
  const { from, to, row } = options
  // A link planted in the library must not lead out of it (SECURITY S06).
  const found = await lstat(from).catch((cause: unknown) => {
    throw damaged(cause)
  })
  if (!found.isFile()) throw damaged(new Error('not a file'))
  const isLink = row.kind !== 'key' && (await linkIfPossible(from, to))
  if (!isLink) await copyFile(from, to)
  await check(to, row)
  return isLink
}

/** Another disk, or a file system without links. */
const noLinks = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'])

async function linkIfPossible(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (typeof code !== 'string' || !noLinks.has(code)) throw error
    return false
  }
}

/** Reads it to its end, and has it durable. */
async function check(file: string, row: FileRow): Promise<void> {
  const handle = await open(file, 'r')
  try {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(1, row.bytes)))
    let bytes = 0
    let checksum = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, bytes)
      if (bytesRead === 0) break
      checksum = crc32(buffer.subarray(0, bytesRead), checksum)
      bytes += bytesRead
    }
    if (bytes !== row.bytes || checksum !== row.checksum) throw damaged(new Error(file))
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const damaged = (cause: unknown): VsrError =>
  new VsrError('segment_not_found', 'A file of this recording is missing or damaged.', {
    hint: 'Archive the range before or behind it with --from and --to.',
    cause,
  })
