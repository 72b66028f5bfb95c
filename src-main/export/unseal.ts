import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ivDigits } from '../store/key-iv'
import type { InitRow, KeyRow, SegmentRow, TrackStore } from '../store/model'
import { fileUrl } from './ffmpeg-args'
import { runFfmpeg } from './ffmpeg-command'
import { type SealedFormat, sealedInputOptions, sealedList, sealedNames } from './sealed-list'
import { unsealRecipe } from './unseal-recipe'

/**
 * Lets ffmpeg's HLS reader take SAMPLE-AES off one segment: a list, the segment and the key lie in a folder of their
 * own under fixed names, so that nothing of the source and no path stands in the list (SECURITY S12, S19), and the key on
 * no command line. One segment at a time, since ffmpeg reads ahead and would take the next segment's key for the last
 * pictures of this one.
 * @param options.folder for the time that it takes.
 * @throws VsrError `export_failed`, `disk_full`, `cancelled`.
 */
export async function unseal(options: {
  readonly track: TrackStore
  readonly row: SegmentRow
  readonly format: SealedFormat
  readonly key: KeyRow
  readonly init: InitRow | undefined
  readonly folder: string
  readonly file: string
  readonly ffmpegPath: string
  readonly signal: AbortSignal
}): Promise<void> {
  const { track, row, format, key, init, folder, file } = options
  const inFolder = (name: string) => path.join(folder, name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    const recipe = unsealRecipe(format, await readFile(track.pathOf(row)))
    const { tail } = recipe
    const secret = await readFile(track.pathOf(key))
    await writeFile(inFolder(sealedNames.key), secret, { mode: 0o600 })
    if (init !== undefined) {
      await writeFile(inFolder(sealedNames.init), await readFile(track.pathOf(init)))
    }
    await writeFile(inFolder(sealedNames.segment(format)), recipe.segment)
    if (tail !== undefined) await writeFile(inFolder(sealedNames.tail(format)), tail)
    const list = sealedList({
      format,
      iv: ivDigits(key, row.mediaSequence),
      durationSec: row.durationSec,
      hasInit: init !== undefined,
      hasTail: tail !== undefined,
    })
    await writeFile(inFolder(sealedNames.list), list)
    await runFfmpeg({
      ffmpegPath: options.ffmpegPath,
      signal: options.signal,
      inputs: [{ source: fileUrl(inFolder(sealedNames.list)), options: sealedInputOptions }],
      outputOptions: recipe.outputOptions,
      output: fileUrl(file),
      onProgress: () => {}, // short beside what follows
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
