import { join } from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import { removeIfThere, uniqueName } from './durable-files'
import type { FilePort, OpenFile } from './file-port'
import type { TempFile } from './model'
import { withStoreErrors } from './store-error'
import { type BufferPool, createWriteBuffer, type WriteBuffer } from './write-buffer'

/** What a sealed temp file turned out to be. */
export interface Sealed {
  readonly path: string
  readonly bytes: number
  readonly checksum: number
}

/** A temp file as its track sees it: it can be made durable and then be renamed away. */
export interface SealableTemp extends TempFile {
  /** Writes the rest, fsyncs, closes. Asked again, it answers the same: a temp file whose fsync failed is lost. */
  seal(): Promise<Sealed>
  /** The file has its real name now: nothing is left to discard. */
  release(): void
  /** The file that was renamed to `path` gets its own name back, and can be committed again. Rejects with an errno error. */
  takeBack(path: string): Promise<void>
}

/** Creates `<folder>/<prefix>-<unique>.part`. Rejects with VsrError `disk_full` or `library_unwritable`. */
export async function createTempFile(options: {
  readonly files: FilePort
  readonly folder: string
  readonly prefix: string
  readonly pool: BufferPool
  readonly logger: Logger
  /** Access rights of the file, such as 0o600. */
  readonly permissions?: number
}): Promise<SealableTemp> {
  const { files, folder, prefix, pool, logger, permissions } = options
  const path = join(folder, `${prefix}-${uniqueName()}.part`)
  const file = await withStoreErrors(path, () => files.open(path, 'bulk', permissions))
  const buffer = createWriteBuffer({
    pool,
    blockBytes: file.blockBytes,
    write: (data) => withStoreErrors(path, () => file.write(data)),
  })
  let state: 'open' | 'sealed' | 'gone' = 'open'
  let sealed: Promise<Sealed> | undefined

  const seal = async (): Promise<Sealed> => {
    state = 'sealed'
    await withStoreErrors(path, async () => {
      try {
        await buffer.flush()
        if (buffer.bytes % file.blockBytes > 0) await file.truncate(buffer.bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    })
    return { path, bytes: buffer.bytes, checksum: buffer.checksum }
  }

  const sealOnce = (): Promise<Sealed> => {
    if (state === 'gone') {
      const message = 'A file was to be stored that was committed or discarded before.'
      return Promise.reject(new VsrError('library_unwritable', message))
    }
    sealed ??= seal()
    return sealed
  }

  return {
    get bytes() {
      return buffer.bytes
    },
    write(chunk) {
      if (state !== 'open') return Promise.reject(new Error('this temp file takes no more bytes'))
      return buffer.write(chunk)
    },
    async sync() {
      await sealOnce()
    },
    seal: sealOnce,
    release() {
      state = 'gone'
    },
    async takeBack(realPath) {
      await files.rename(realPath, path)
      state = 'sealed'
    },
    async discard() {
      if (state === 'gone') return
      const wasOpen = state === 'open'
      state = 'gone'
      if (wasOpen) await abandon({ file, buffer, logger })
      await withStoreErrors(path, () => removeIfThere(files, path))
    },
  }
}

/** Nobody needs these bytes any more, so their failures only get a line. */
async function abandon(options: {
  readonly file: OpenFile
  readonly buffer: WriteBuffer
  readonly logger: Logger
}): Promise<void> {
  const { file, buffer, logger } = options
  try {
    await buffer.flush()
  } catch (cause) {
    logger.debug({ err: cause }, 'a write into a discarded temp file failed')
  }
  try {
    await file.close()
  } catch (cause) {
    logger.warn({ err: cause }, 'closing a discarded temp file failed')
  }
}
