import { describe, expect, it } from 'vitest'
import { readRecordingFile, writeRecordingFile } from '../../../src-main/store/recording-file'
import { sampleMeta, sampleStartMs, sampleTrack } from '../../support/fault-store-samples'
import { openInMemory as open, root } from '../../support/library-in-memory'
import {
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../support/memory-file-port'

const pin = { id: 'p1', fromMs: sampleStartMs, toMs: sampleStartMs + 4000 }

/** A library with one recording that nothing of is pinned, closed. */
async function withRecording() {
  const files = createMemoryFilePort()
  const library = await open(files)
  const recording = await library.create(sampleMeta)
  await recording.addTrack(sampleTrack)
  await library.close()
  const folder = `${root}/recordings/${recording.id}`
  return { files: files.crash('applied'), id: recording.id, folder }
}

const textOf = (files: MemoryFilePort, path: string): string => files.peek(path)?.toString() ?? ''
const versionOf = (files: MemoryFilePort, folder: string): unknown =>
  (JSON.parse(textOf(files, `${folder}/recording.json`)) as { version: unknown }).version

describe('a description that needs a later version', () => {
  it('is written in the lowest one that holds all of it, and kept as it was before the first of a later one', async () => {
    const { files, id, folder } = await withRecording()
    const before = textOf(files, `${folder}/recording.json`)
    expect(versionOf(files, folder)).toBe(1)
    const library = await open(files, { pid: 2 })
    await library.get(id)?.update({ pinnedSpans: [pin] })
    expect(versionOf(files, folder)).toBe(2)
    expect(textOf(files, `${folder}/recording.v1.json`)).toBe(before)
    await library.get(id)?.update({ title: 'B', pinnedSpans: [pin] })
    expect(textOf(files, `${folder}/recording.v1.json`)).toBe(before)
    await library.get(id)?.update({ pinnedSpans: [] })
    expect(versionOf(files, folder)).toBe(1)
    await library.delete(id)
    await library.close()
    expect(files.names(`${root}/trash`)).toEqual([])
  })

  it('of a version that is not known is refused and left as it is', async () => {
    const { files, folder } = await withRecording()
    const path = `${folder}/recording.json`
    files.poke(path, Buffer.from(textOf(files, path).replace('"version": 1', '"version": 3')))
    const before = textOf(files, path)
    for (const mode of ['read', 'write'] as const) {
      await expect(open(files, { mode, pid: 2 })).rejects.toMatchObject({
        code: 'library_too_new',
        message: expect.stringMatching(/^A newer version of VSR .*\.$/),
      })
    }
    expect(textOf(files, path)).toBe(before)
  })

  it.each(crashModes)(
    'F34 F35 at every crash point, %s, it is the old one or the new one, and then the old one lies beside it',
    async (mode) => {
      const { files, folder } = await withRecording()
      const before = textOf(files, `${folder}/recording.json`)
      const { meta, tracks } = await readRecordingFile(files, folder)
      const images: MemoryFilePort[] = []
      files.after = () => images.push(files.crash(mode))
      await writeRecordingFile(files, folder, { meta: { ...meta, pinnedSpans: [pin] }, tracks })
      const versions = images.map((image) => {
        const version = versionOf(image, folder)
        if (version === 1) expect(textOf(image, `${folder}/recording.json`)).toBe(before)
        else expect(textOf(image, `${folder}/recording.v1.json`)).toBe(before)
        return version
      })
      expect(new Set(versions)).toEqual(new Set([1, 2]))
    },
  )
})
