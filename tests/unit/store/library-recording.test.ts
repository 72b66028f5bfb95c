import { describe, expect, it } from 'vitest'
import type { Library, RecordingStore } from '../../../src-main/store/model'
import { sampleMeta, sampleStartMs, sampleTrack } from '../../support/fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'
import {
  filledLibrary as filled,
  openInMemory as open,
  root,
  storeSample as store,
} from '../../support/library-in-memory'

describe('recording', () => {
  const withRecording = async (): Promise<{
    files: MemoryFilePort
    library: Library
    recording: RecordingStore
    folder: string
  }> => {
    const files = createMemoryFilePort()
    const library = await open(files)
    const recording = await library.create(sampleMeta)
    return { files, library, recording, folder: `${root}/recordings/${recording.id}` }
  }

  it('keeps title, state, failure, tracks and markers over a restart', async () => {
    const { files, library, recording } = await withRecording()
    expect(recording.id).toMatch(/^[a-z0-9]{12}$/)
    const track = await recording.addTrack(sampleTrack)
    await track.describe({ codecs: 'hvc1', resolution: { width: 1280, height: 720 } })
    await recording.update({
      title: 'A "new" title\n',
      state: 'failed',
      failure: { code: 'source_gone', message: 'It is gone.' },
      markers: [{ atMs: 5, label: 'here' }],
    })
    await library.close()
    const again = (await open(files)).get(recording.id)
    expect(again?.meta).toMatchObject({
      title: 'A "new" title\n',
      state: 'failed',
      failure: { code: 'source_gone', message: 'It is gone.' },
      markers: [{ atMs: 5, label: 'here' }],
    })
    expect((await again?.tracks())?.map(({ info }) => info)).toEqual([
      { ...sampleTrack, codecs: 'hvc1', resolution: { width: 1280, height: 720 } },
    ])
    await again?.update({ state: 'recording' })
    expect(again?.meta.failure).toBeUndefined()
  })

  it('takes start and end over all tracks, seconds and counts of the first, bytes of all', async () => {
    const { recording } = await withRecording()
    const video = await recording.addTrack(sampleTrack)
    const audio = await recording.addTrack({ ...sampleTrack, id: 'a0', kind: 'audio' })
    await store(video, 1)
    await Promise.all([store(audio, 0), store(audio, 1), store(audio, 2)])
    expect(recording.figures).toEqual({
      startMs: sampleStartMs,
      endMs: sampleStartMs + 12_000,
      durationSec: 4,
      bytes: 36,
      segments: 1,
      gaps: 0,
      gapSec: 0,
      soundGapSec: 0,
    })
  })

  it('S34 what is needed to go on is kept apart, for its owner only, until it is taken back', async () => {
    const files = createMemoryFilePort()
    const asked: (number | undefined)[] = []
    const original = files.open
    files.open = (path, mode, permissions) => {
      if (path.includes('resume.json') && mode !== 'read') asked.push(permissions)
      return original(path, mode, permissions)
    }
    const library = await open(files)
    const recording = await library.create(sampleMeta)
    const folder = `${root}/recordings/${recording.id}`
    expect(await recording.readResumeInfo()).toBeUndefined()
    const info = { inputUrl: 'https://example.com/?token=canary', quality: 'best' }
    await recording.writeResumeInfo(info)
    expect(asked).toEqual([0o600])
    expect(await recording.readResumeInfo()).toEqual(info)
    await library.close()
    for (const path of [`${root}/library.json`, `${folder}/recording.json`]) {
      expect(files.peek(path)?.toString()).not.toContain('canary')
    }
    await recording.writeResumeInfo(undefined)
    expect(files.peek(`${folder}/resume.json`)).toBeUndefined()
  })

  it('keeps what is pinned, also where two stretches are pinned at once; a file of before opens with none', async () => {
    const { files, library, recording, folder } = await withRecording()
    expect(recording.meta.pinnedSpans).toEqual([])
    const pin = (id: string) =>
      recording.update(({ pinnedSpans }) => ({
        pinnedSpans: [...pinnedSpans, { id, fromMs: 1, toMs: 2 }],
      }))
    await Promise.all([pin('p1'), pin('p2'), recording.update({ pinned: true })])
    await library.close()
    const again = await open(files)
    expect(again.get(recording.id)?.meta).toMatchObject({
      pinned: true,
      pinnedSpans: [
        { id: 'p1', fromMs: 1, toMs: 2 },
        { id: 'p2', fromMs: 1, toMs: 2 },
      ],
    })
    await again.close()
    const path = `${folder}/recording.json`
    const text = files.peek(path)?.toString() ?? ''
    const { pinnedSpans: _none, ...meta } = JSON.parse(text).meta
    files.poke(path, Buffer.from(JSON.stringify({ ...JSON.parse(text), meta })))
    const old = await open(files)
    expect(old.get(recording.id)?.meta).toMatchObject({ pinned: true, pinnedSpans: [] })
  })

  it('S06 deletes its own files, leaves what it does not know, and is gone at once', async () => {
    const { files, library, recording, folder } = await withRecording()
    const track = await recording.addTrack(sampleTrack)
    await store(track, 0)
    const second = await library.create(sampleMeta)
    files.poke(`${folder}/v0/notes.txt`, Buffer.from('mine'))
    await library.delete(recording.id)
    expect(library.get(recording.id)).toBeUndefined()
    expect(files.names(`${root}/recordings`)).toEqual([second.id])
    const [left = ''] = files.names(`${root}/trash`)
    expect(files.names(`${root}/trash/${left}`)).toEqual(['v0'])
    expect(files.names(`${root}/trash/${left}/v0`)).toEqual(['notes.txt'])
    await library.delete(second.id)
    expect(files.names(`${root}/trash`)).toEqual([left])
    await expect(library.delete(second.id)).rejects.toMatchObject({ code: 'recording_not_found' })
  })

  it('S06 does not delete through a link', async () => {
    const { files, library, recording, folder } = await withRecording()
    files.poke('/elsewhere/recording.json', Buffer.from('not yours'))
    files.remove(folder)
    files.link(folder, '/elsewhere')
    await expect(library.delete(recording.id)).rejects.toMatchObject({ code: 'library_unwritable' })
    expect(files.peek('/elsewhere/recording.json')).toBeDefined()
  })

  it('F34 a deletion cut off at any point leaves the recording whole or gone', async () => {
    const { files, id } = await filled()
    const images: MemoryFilePort[] = []
    const library = await open(files)
    files.after = () => images.push(files.crash('applied'), files.crash('unsynced-lost'))
    await library.delete(id)
    for (const image of images) {
      image.remove(`${root}/library.lock`)
      const again = await open(image)
      const found = again.get(id)
      if (found !== undefined) expect((await found.tracks())[0]?.index.length).toBe(4)
      else expect(image.names(`${root}/trash`)).toEqual([])
    }
  })
})
