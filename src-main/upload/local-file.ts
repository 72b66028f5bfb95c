import { createHash } from 'node:crypto'
import { type FileHandle, open, stat, unlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import { etagOf, type FilePlan, type PlannedPart, splitFile } from './file-plan'

/** A file that is uploaded, as it was when it was opened. */
export interface LocalFile {
  /** Reads all of it once. Throws VsrError `upload_file_changed`. */
  plan(signal: AbortSignal): Promise<FilePlan>
  /** Throws VsrError `upload_file_changed` where the file is not what it was. */
  readPart(part: PlannedPart): Promise<Uint8Array>
  /** Removes it. Throws VsrError `upload_file_changed` where another one has its name by now, or it has grown. */
  remove(): Promise<void>
  close(): Promise<void>
}

/** Hashed between two turns of the event loop: recordings go on beside it. */
const READ_BYTES = 256 * 1024

/** Opens a file to send it. Throws VsrError `bad_request`. */
export async function openLocalFile(path: string): Promise<LocalFile> {
  const handle = await openFile(path)
  const first = await handle.stat()
  const assertSame = ({ size, mtimeMs, ino, dev }: typeof first) => {
    if (size !== first.size || mtimeMs !== first.mtimeMs) throw changed(path)
    if (ino !== first.ino || dev !== first.dev) throw changed(path)
  }
  const buffer = Buffer.allocUnsafe(READ_BYTES)
  const md5Of = async ({ startByte, bytes }: Omit<PlannedPart, 'md5'>, signal: AbortSignal) => {
    const hash = createHash('md5')
    for (let done = 0; done < bytes; ) {
      signal.throwIfAborted()
      const length = Math.min(READ_BYTES, bytes - done)
      const { bytesRead } = await handle.read(buffer, 0, length, startByte + done)
      if (bytesRead === 0) throw changed(path)
      hash.update(buffer.subarray(0, bytesRead))
      done += bytesRead
    }
    return hash.digest('hex')
  }

  return {
    async plan(signal) {
      const parts: PlannedPart[] = []
      for (const part of splitFile(first.size)) {
        parts.push({ ...part, md5: await md5Of(part, signal) })
      }
      assertSame(await handle.stat())
      return { bytes: first.size, parts, etag: etagOf(parts.map(({ md5 }) => md5)) }
    },
    async readPart({ startByte, bytes }) {
      const body = Buffer.allocUnsafe(bytes)
      for (let done = 0; done < bytes; ) {
        const { bytesRead } = await handle.read(body, done, bytes - done, startByte + done)
        if (bytesRead === 0) throw changed(path)
        done += bytesRead
      }
      assertSame(await handle.stat())
      return body
    },
    async remove() {
      assertSame(await stat(path))
      await unlink(path)
    },
    close: () => handle.close(),
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r')
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
  } catch (cause) {
    throw new VsrError('bad_request', `${basename(path)} cannot be read.`, {
      hint: 'Name a file that exists and that you may read.',
      cause,
    })
  }
  throw new VsrError('bad_request', `${basename(path)} is not a file.`)
}

const changed = (path: string): VsrError =>
  new VsrError('upload_file_changed', `${basename(path)} was changed while it was uploaded.`, {
    hint: 'It is kept here. Upload it again when nothing writes to it any more.',
  })
