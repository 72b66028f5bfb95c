import { describe, expect, it } from 'vitest'
import type { Logger } from '../../../src-main/ports/logger'
import { silentLogger } from '../../../src-main/ports/logger'
import { openLibrary } from '../../../src-main/store/library'
import type { Commit } from '../../../src-main/store/model'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleStartMs,
  sampleTrack,
} from '../../support/fault-store-samples'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'
import {
  filledLibrary as filled,
  openInMemory as open,
  root,
  storeSample as store,
} from '../../support/library-in-memory'

const catalogue = `${root}/library.json`

const figures = {
  startMs: sampleStartMs,
  endMs: sampleStartMs + 16_000,
  durationSec: 12,
  bytes: 27,
  segments: 3,
  gaps: 1,
  gapSec: 4,
  soundGapSec: 0,
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

  it('F37 the catalogue before answers for one that is full of NULs or gone, and no log is read that it knows', async () => {
    const { files, id } = await filled()
    const library = await open(files)
    await library.get(id)?.update({ title: 'Another title' })
    await library.close()
    const good = files.peek(catalogue)?.toString()
    for (const spoil of [
      () => files.poke(catalogue, Buffer.alloc(400)),
      () => files.remove(catalogue),
    ]) {
      spoil()
      const opened = watchLogs(files)
      const again = await open(files)
      expect(again.get(id)?.figures).toEqual(figures)
      expect(again.get(id)?.meta.title).toBe('Another title')
      expect(opened).toEqual([])
      await again.close()
      expect(files.peek(catalogue)?.toString()).toBe(good)
    }
  })

  it('F37 both catalogues broken: rebuilt from the logs', async () => {
    const { files, id } = await filled()
    files.poke(catalogue, Buffer.alloc(400))
    files.poke(`${root}/library.previous.json`, Buffer.alloc(0))
    const library = await open(files)
    expect(library.get(id)?.figures).toEqual(figures)
    await library.close()
  })

  it('refuses a library, and a recording, of a newer version', async () => {
    const { files, id } = await filled()
    const good = files.peek(catalogue) ?? Buffer.alloc(0)
    files.poke(catalogue, Buffer.from('{"version":2,"else":true}'))
    await expect(open(files)).rejects.toMatchObject({ code: 'library_too_new' })
    expect(files.peek(`${root}/library.lock`)).toBeUndefined()
    files.poke(catalogue, good)
    files.poke(`${root}/recordings/${id}/recording.json`, Buffer.from('{"version":99}'))
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

  it('F33 nothing is put beside the recordings while another folder is in place of the library', async () => {
    const files = createMemoryFilePort()
    const library = await open(files)
    const put = () => library.files.open(`${root}/settings.json`, 'create')
    const mount = files.unmount(root)
    await expect(put()).rejects.toMatchObject({ code: 'library_unwritable' })
    await library.announce('http://127.0.0.1:8080/')
    expect(files.names(root)).toEqual([])
    mount()
    await (await put()).close()
    await library.announce('http://127.0.0.1:8080/')
    expect(files.peek(`${root}/library.lock`)?.toString()).toContain('8080')
    await library.create(sampleMeta)
    await library.close()
  })

  it('F33 no library is begun on a mount point whose disk is missing; one that is there is opened', async () => {
    const table = Buffer.from(`UUID=1 / ext4 defaults 0 1\nUUID=2 ${root} ext4 nofail 0 2\n`)
    const files = createMemoryFilePort()
    files.poke('/etc/fstab', table)
    files.poke('/proc/self/mounts', Buffer.from('/dev/sda1 / ext4 rw 0 0\n'))
    await expect(open(files)).rejects.toMatchObject({
      code: 'library_unwritable',
      message: `No disk is mounted on ${root}.`,
    })
    expect(files.names('/')).not.toContain('library')
    const there = (await filled()).files
    there.poke('/etc/fstab', table)
    there.poke('/proc/self/mounts', Buffer.from('/dev/sda1 / ext4 rw 0 0\n'))
    await (await open(there)).close()
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
      'library.id',
      'library.json',
      'library.lock.txt',
      'library.previous.json',
      'recordings',
      'trash',
    ])
    expect(files.names(`${folder}/tmp`)).toEqual(['holiday.txt'])
    expect(files.names(folder).sort()).toEqual(['recording.json', 'tmp', 'v0'])
  })

  it.each([
    ['as long as a name may be', 'x'.repeat(255)],
    ['longer than a name may be', '🎬'.repeat(400)],
    ['a device of Windows', 'CON'],
    ['NUL', 'NUL'],
    ['a way out', '../../etc/passwd'],
    ['dots and spaces', ' .. . '],
    ['characters of no file system', 'a/b\\c:d*e?f"g<h>i|j'],
    ['control characters', 'line\nbreak\tand\u0007bell'],
    ['right to left', '\u202Egpj.exe'],
  ])('F45 a title is text in a file and never a name on the disk: %s', async (_what, title) => {
    const files = createMemoryFilePort()
    const library = await open(files)
    const { id } = await library.create({ ...sampleMeta, title })
    await library.close()
    expect(files.names(`${root}/recordings`)).toEqual([id])
    expect(id).toMatch(/^[\w-]{1,64}$/)
    const again = await open(files)
    expect(again.get(id)?.meta.title).toBe(title)
    await again.close()
  })

  it('a recording goes on whose empty folder for unfinished files is gone, as after a backup', async () => {
    const { files, id } = await filled()
    files.remove(`${root}/recordings/${id}/tmp`)
    const library = await open(files)
    const [track] = (await library.get(id)?.tracks()) ?? []
    if (track === undefined) throw new Error('the recording was left out')
    await store(track, 9)
    expect(track.index.length).toBe(5)
    await library.close()
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
