import { describe, expect, it } from 'vitest'
import type { Logger } from '../../../src-main/ports/logger'
import { silentLogger } from '../../../src-main/ports/logger'
import { openLibrary } from '../../../src-main/store/library'
import type { Commit, Library, RecordingStore, TrackStore } from '../../../src-main/store/model'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../support/fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'

const root = '/library'
const catalogue = `${root}/library.json`

const open = (
  files: MemoryFilePort,
  options: { mode?: 'write' | 'read'; logger?: Logger; nowMs?: number } = {},
): Promise<Library> =>
  openLibrary({
    root,
    mode: options.mode ?? 'write',
    clock: createStillClock(options.nowMs),
    logger: options.logger ?? silentLogger,
    files,
    process: sampleProcess(1),
  })

async function store(track: TrackStore, number: number): Promise<void> {
  const temp = await track.createTemp()
  await temp.write(Buffer.from(`segment ${number}`))
  await track.commitSegment(temp, sampleSegment(number))
}

/** A library with one recording of three segments and a gap, closed. */
async function filled(): Promise<{ files: MemoryFilePort; id: string }> {
  const files = createMemoryFilePort()
  const library = await open(files)
  const recording = await library.create(sampleMeta)
  const track = await recording.addTrack(sampleTrack)
  for (const number of [0, 1, 2]) await store(track, number)
  await track.appendGap(sampleGap(3))
  await library.close()
  return { files, id: recording.id }
}

const figures = {
  startMs: sampleStartMs,
  endMs: sampleStartMs + 16_000,
  durationSec: 12,
  bytes: 27,
  segments: 3,
  gaps: 1,
  gapSec: 4,
}
/** A port that counts which logs are opened. */
function watchLogs(files: MemoryFilePort): string[] {
  const opened: string[] = []
  const original = files.open
  files.open = (path, mode) => {
    if (path.endsWith('segments.ndjson')) opened.push(path)
    return original(path, mode)
  }
  return opened
}
const collect = (): { logger: Logger; lines: string[] } => {
  const lines: string[] = []
  const logger: Logger = {
    ...silentLogger,
    warn: (_fields, message) => lines.push(message),
    error: (_fields, message) => lines.push(message),
    child: () => logger,
  }
  return { logger, lines }
}

describe('library', () => {
  it('opens a cleanly closed library without reading a log, with all figures', async () => {
    const { files, id } = await filled()
    const opened = watchLogs(files)
    const library = await open(files)
    expect(library.list().map((recording) => recording.id)).toEqual([id])
    expect(library.get(id)?.figures).toEqual(figures)
    expect(library.get(id)?.meta).toMatchObject({ ...sampleMeta, pinned: false, markers: [] })
    expect(opened).toEqual([])
    await library.close()
  })

  it('opens the logs of what was not closed cleanly, and only those', async () => {
    const { files } = await filled()
    const library = await open(files, { nowMs: sampleStartMs + 1000 })
    const recording = await library.create({ ...sampleMeta, title: 'Cut off' })
    const track = await recording.addTrack(sampleTrack)
    await store(track, 7)
    const after = files.crash('unsynced-lost')
    const opened = watchLogs(after)
    const again = await openLibrary({
      root,
      mode: 'write',
      clock: createStillClock(),
      logger: silentLogger,
      files: after,
      process: sampleProcess(2),
    })
    expect(opened).toEqual([`${root}/recordings/${recording.id}/v0/segments.ndjson`])
    expect(again.list().map(({ meta }) => meta.title)).toEqual(['Cut off', 'A title'])
    expect(again.get(recording.id)?.figures).toMatchObject({ segments: 1, durationSec: 4 })
  })

  it.each([
    ['missing', undefined],
    ['empty', Buffer.alloc(0)],
    ['full of NULs', Buffer.alloc(400)],
    ['cut short', Buffer.from('{"version":1,"recordings":[{"id"')],
    ['of another shape', Buffer.from('{"version":1,"recordings":"none"}')],
    ['a list', Buffer.from('[]')],
  ])('F37 a catalogue that is %s is rebuilt from the logs', async (_what, data) => {
    const { files, id } = await filled()
    const good = files.peek(catalogue)?.toString()
    if (data === undefined) files.remove(catalogue)
    else files.poke(catalogue, data)
    const library = await open(files)
    expect(library.get(id)?.figures).toEqual(figures)
    await library.close()
    expect(files.peek(catalogue)?.toString()).toBe(good)
  })

  it('refuses a library, and a recording, of a newer version', async () => {
    const { files, id } = await filled()
    const good = files.peek(catalogue) ?? Buffer.alloc(0)
    files.poke(catalogue, Buffer.from('{"version":2,"else":true}'))
    await expect(open(files)).rejects.toMatchObject({ code: 'library_too_new' })
    expect(files.peek(`${root}/library.lock`)).toBeUndefined()
    files.poke(catalogue, good)
    files.poke(`${root}/recordings/${id}/recording.json`, Buffer.from('{"version":2}'))
    await expect(open(files)).rejects.toMatchObject({ code: 'library_too_new' })
  })

  it('a broken recording is named in the log and stops no other', async () => {
    const { files, id } = await filled()
    files.poke(`${root}/recordings/brokenbroken/recording.json`, Buffer.from('{"version":1}'))
    files.link(`${root}/recordings/linklinklink`, `${root}/recordings/${id}`)
    const { logger, lines } = collect()
    const library = await open(files, { logger })
    expect(library.list().map((recording) => recording.id)).toEqual([id])
    expect(lines).toEqual(['a recording cannot be read and is left out of the list'])
    await library.close()
    expect(files.peek(`${root}/recordings/brokenbroken/recording.json`)).toBeDefined()
  })

  it('F31 an unwritable root and a full disk are sentences', async () => {
    for (const [errno, code] of [
      ['EACCES', 'library_unwritable'],
      ['EROFS', 'library_unwritable'],
      ['ENOSPC', 'disk_full'],
    ] as const) {
      const files = createMemoryFilePort()
      files.before = () => errno
      await expect(open(files)).rejects.toMatchObject({ name: 'VsrError', code })
    }
  })

  it('F33 a library folder that went away is not made anew while recording', async () => {
    const files = createMemoryFilePort()
    const library = await open(files)
    const recording = await library.create(sampleMeta)
    const track = await recording.addTrack(sampleTrack)
    files.remove(root)
    await expect(track.createTemp()).rejects.toMatchObject({ code: 'library_unwritable' })
    await expect(library.create(sampleMeta)).rejects.toMatchObject({ code: 'library_unwritable' })
    expect(files.names('/')).toEqual([])
    await library.close()
  })

  it('read mode lists what is there and writes nothing, even beside a running VSR', async () => {
    const { files, id } = await filled()
    const writer = await open(files)
    files.poke(`${root}/recordings/${id}/tmp/v0-000000000000.part`, Buffer.from('unfinished'))
    const before = files.operations
    const library = await open(files, { mode: 'read' })
    const [track] = (await library.get(id)?.tracks()) ?? []
    expect(track?.index.length).toBe(4)
    expect(library.get(id)?.figures).toEqual(figures)
    await expect(library.create(sampleMeta)).rejects.toMatchObject({ code: 'library_unwritable' })
    await expect(library.delete(id)).rejects.toMatchObject({ code: 'library_unwritable' })
    await expect(track?.createTemp()).rejects.toMatchObject({ code: 'library_unwritable' })
    await expect(track?.appendGap(sampleGap(9))).rejects.toBeDefined()
    await library.close()
    expect(files.operations).toBe(before)
    await writer.close()
  })

  it('read mode of a library that was never written to is empty', async () => {
    expect((await open(createMemoryFilePort(), { mode: 'read' })).list()).toEqual([])
  })

  it('sweeps unfinished files of an earlier run and nothing else', async () => {
    const { files, id } = await filled()
    const folder = `${root}/recordings/${id}`
    files.poke(`${folder}/tmp/v0-0123456789ab.part`, Buffer.from('x'))
    files.poke(`${folder}/.recording.json.0123456789ab.tmp`, Buffer.from('x'))
    files.poke(`${folder}/tmp/holiday.txt`, Buffer.from('x'))
    files.poke(`${root}/.library.json.0123456789ab.tmp`, Buffer.from('x'))
    files.poke(`${root}/library.lock.0123456789ab.beat`, Buffer.from('x'))
    files.poke(`${root}/library.lock.txt`, Buffer.from('x'))
    await (await open(files)).close()
    expect(files.names(root).sort()).toEqual([
      'library.json',
      'library.lock.txt',
      'recordings',
      'trash',
    ])
    expect(files.names(`${folder}/tmp`)).toEqual(['holiday.txt'])
    expect(files.names(folder).sort()).toEqual(['recording.json', 'tmp', 'v0'])
  })

  it('tells of commits once they are durable, and a failing listener does not undo them', async () => {
    const files = createMemoryFilePort()
    const library = await open(files)
    const commits: Commit[] = []
    const end = library.onCommit((commit) => {
      commits.push(commit)
      throw new Error('a listener failed')
    })
    const recording = await library.create(sampleMeta)
    const track = await recording.addTrack(sampleTrack)
    await store(track, 0)
    end()
    await store(track, 1)
    expect(commits).toMatchObject([
      { recordingId: recording.id, trackId: 'v0', row: { kind: 'segment', index: 0 } },
    ])
    expect(track.index.length).toBe(2)
  })
})

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
    for (const path of [catalogue, `${folder}/recording.json`]) {
      expect(files.peek(path)?.toString()).not.toContain('canary')
    }
    await recording.writeResumeInfo(undefined)
    expect(files.peek(`${folder}/resume.json`)).toBeUndefined()
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
