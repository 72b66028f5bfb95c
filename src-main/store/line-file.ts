import { dirname } from 'node:path'
import type { Logger } from '../ports/logger'
import { readIfThere, writeDurably } from './durable-files'
import type { FilePort } from './file-port'
import { errnoOf } from './store-error'

/** A small append-only file of lines (see `sealLine`). It is made with the first line, opened only while it is written, and kept small. */
interface LineFile {
  /** What it held when it was opened, without newlines; a torn last line is left out. */
  readonly lines: readonly string[]
  /**
   * Adds lines, newlines included; durable when it resolves. A torn end is cut off.
   * @returns false where it has to be rewritten instead: it is full, or not the one that was read.
   */
  append(lines: readonly string[]): Promise<boolean>
  /** Puts these lines in the place of all others. */
  rewrite(lines: readonly string[]): Promise<void>
}

/**
 * @param options.mostLines beyond it the file is written anew.
 * @param options.longestLine in bytes: a file of more than so many such lines is none of VSR's own and passed over.
 * @throws the file port's errors.
 */
export async function openLineFile(options: {
  readonly files: FilePort
  readonly path: string
  readonly mostLines: number
  readonly longestLine: number
  readonly logger: Logger
}): Promise<LineFile> {
  const { files, path, mostLines, longestLine, logger } = options
  const isOurs = !(await isLongerThan(mostLines * longestLine, files, path))
  if (!isOurs) logger.warn({ path }, 'the file is larger than VSR writes it and is passed over')
  const data = Buffer.from((isOurs ? await readIfThere(files, path) : undefined) ?? [])
  let bytes = data.lastIndexOf('\n') + 1
  const lines = data.subarray(0, bytes).toString().split('\n').slice(0, -1)
  let count = isOurs ? lines.length : mostLines

  return {
    lines,
    async append(added) {
      const text = Buffer.from(added.join(''))
      if (count + added.length > mostLines) return false
      if (!(await appendAt({ files, path, data: text, atBytes: bytes }))) return false
      bytes += text.length
      count += added.length
      return true
    },
    async rewrite(all) {
      const text = Buffer.from(all.join(''))
      await writeDurably({ files, path, data: text })
      bytes = text.length
      count = all.length
    },
  }
}

async function isLongerThan(most: number, files: FilePort, path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).bytes > most
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false
    throw cause
  }
}

/** @returns false where the file is not the one that was read: it is shorter. */
async function appendAt(options: {
  readonly files: FilePort
  readonly path: string
  readonly data: Uint8Array
  readonly atBytes: number
}): Promise<boolean> {
  const { files, path, data, atBytes } = options
  const file = await files.open(path, 'append')
  try {
    const size = await file.size()
    if (size < atBytes) return false
    // A torn line, or what a failed append left behind.
    if (size > atBytes) await file.truncate(atBytes)
    if (size === 0) await files.syncFolder(dirname(path))
    await file.write(data)
    return true
  } finally {
    await file.close()
  }
}
