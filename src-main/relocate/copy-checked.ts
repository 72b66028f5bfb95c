import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { VsrError } from '../../src-preload/contract/errors'

const READ_BYTES = 1024 * 1024

/** Copies a file under a new name, durably. @returns the CRC-32 of what was read. */
export async function copyChecked(from: string, to: string, mode: number): Promise<number> {
  const target = await open(to, 'wx', mode)
  try {
    const checksum = await readThrough(from, (chunk) => target.writeFile(chunk))
    await target.sync()
    return checksum
  } finally {
    await target.close()
  }
}

/** CRC-32 of a file as it is read now. */
export const checksumOf = (file: string): Promise<number> => readThrough(file, () => undefined)

async function readThrough(
  file: string,
  take: (chunk: Uint8Array) => Promise<void> | undefined,
): Promise<number> {
  const source = await open(file, 'r')
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    let checksum = 0
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, READ_BYTES, null)
      if (bytesRead === 0) return checksum
      const chunk = buffer.subarray(0, bytesRead)
      checksum = crc32(chunk, checksum)
      await take(chunk)
    }
  } finally {
    await source.close()
  }
}

/** @throws VsrError `library_unwritable` where the file at its new place is not what was read. */
export async function expectChecksum(file: string, checksum: number): Promise<void> {
  if ((await checksumOf(file)) === checksum) return
  throw new VsrError('library_unwritable', `${file} is not what was written to it.`, {
    hint: 'The disk seems to be faulty. The library stays where it is.',
  })
}
