import {
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Engine } from '../../src-main/engine'
import { silentLogger } from '../../src-main/ports/logger'
import { systemClock } from '../../src-main/ports/clock'
import { openLibrary } from '../../src-main/store/library'
import { exportAll, framesOf } from '../support/export-frames'
import { makeMedia, type MediaKind } from '../support/media'
import { runProcess, words } from '../support/processes'
import { tempDirForTest } from '../support/temp-dir'
import { openTestEngine } from '../support/test-engine'
import { toolPath } from '../support/tools'

const importFrom = (engine: Engine, from: string, signal = new AbortController().signal) =>
  engine.importRecording({ path: from, signal, onProgress: () => undefined })

/** A folder with a stream of our own to spoil. */
async function folderOf(kind: MediaKind): Promise<{ dir: string; playlist: string }> {
  const media = await makeMedia({ kind })
  const dir = tempDirForTest()
  cpSync(media.dir, dir, { recursive: true })
  return { dir, playlist: path.join(dir, media.playlist) }
}

const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')))

/** The pictures of a file by their content, without their times. */
async function picturesOf(file: string): Promise<string[]> {
  const frames = await framesOf(file)
  return frames.filter((line) => line.startsWith('0,')).map((line) => line.split(',').at(-1) ?? '')
}

/** All pictures of the recording in a library, through an export. */
async function picturesIn(libraryDir: string, id: string): Promise<string[]> {
  const library = await openLibrary({
    root: libraryDir,
    mode: 'read',
    clock: systemClock,
    logger: silentLogger,
  })
  onTestFinished(() => library.close())
  return await picturesOf(await exportAll(library, id))
}

async function makeFile(name: string, args: string): Promise<string> {
  const file = path.join(tempDirForTest(), name)
  const start = words('-hide_banner -loglevel error -nostdin')
  const run = await runProcess({
    command: toolPath('ffmpeg'),
    args: [...start, ...words(args), file],
  })
  if (run.code !== 0) throw new Error(run.stderr)
  return file
}
const SOURCES =
  '-f lavfi -t 13 -i testsrc2=size=160x90:rate=25 -f lavfi -t 13 -i sine=440 -f lavfi -t 13 -i sine=880'
const CODING = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -bf 2 -g 50 -c:a aac'

describe('an HLS folder', () => {
  it.each(['ts', 'fmp4', 'aes-128', 'byte-range'] as const)(
    '%s is taken over picture by picture, its time being that of the files',
    async (kind) => {
      const { dir, playlist } = await folderOf(kind)
      const at = new Date('2024-05-06T07:08:09Z')
      for (const name of readdirSync(dir)) utimesSync(path.join(dir, name), at, at)
      const engine = await openTestEngine()
      const { recording, clock, notTaken } = await importFrom(engine, dir)
      expect(recording).toMatchObject({ state: 'stopped', gaps: 0, title: path.basename(dir) })
      expect({ clock, notTaken }).toEqual({ clock: 'file', notTaken: [] })
      expect(recording.startMs).toBeGreaterThanOrEqual(at.getTime())
      expect(recording.startMs).toBeLessThan(at.getTime() + 60_000)
      const source = await runProcess({
        command: toolPath('ffmpeg'),
        args: [
          ...words('-v error -allowed_extensions ALL -i'),
          playlist,
          ...words('-map 0:v -f framemd5 -'),
        ],
      })
      const expected = source.stdout.split('\n').filter((line) => line.startsWith('0,'))
      expect(expected).toHaveLength(150)
      expect(await picturesIn(engine.libraryDir, recording.id)).toEqual(
        expected.map((line) => line.split(',').at(-1)),
      )
    },
  )

  it('keeps the time that its playlist names, and goes on where it was saved without an end', async () => {
    const { playlist } = await folderOf('ts')
    edit(playlist, (text) =>
      text
        .replace('#EXTINF', '#EXT-X-PROGRAM-DATE-TIME:2023-01-02T03:04:05.000Z\n#EXTINF')
        .replace('#EXT-X-ENDLIST', '')
        .replace('#EXT-X-PLAYLIST-TYPE:VOD\n', ''),
    )
    const { recording, clock } = await importFrom(await openTestEngine(), playlist)
    expect(clock).toBe('source')
    expect(recording.startMs).toBe(Date.UTC(2023, 0, 2, 3, 4, 5))
    expect(recording.segments).toBe(6)
  })

  it('takes the best picture and every sound of a multivariant playlist', async () => {
    const engine = await openTestEngine()
    const languages = await importFrom(engine, (await makeMedia({ kind: 'languages' })).dir)
    const { tracks } = await engine.getRecording(languages.recording.id)
    expect(tracks.map(({ kind, language }) => [kind, language])).toEqual([
      ['video', undefined],
      ['audio', 'en'],
      ['audio', 'de'],
    ])
    const two = await importFrom(engine, (await makeMedia({ kind: 'multivariant' })).dir)
    expect(two.notTaken).toEqual(['one other quality'])
    const [picture] = (await engine.getRecording(two.recording.id)).tracks
    expect(picture?.resolution).toEqual({ width: 320, height: 180 })
  })

  it('notes a segment that is not there as a gap, at once', async () => {
    const { dir } = await folderOf('ts')
    rmSync(path.join(dir, 'segment-2.ts'))
    const engine = await openTestEngine()
    const { recording } = await importFrom(engine, dir)
    expect(recording).toMatchObject({ state: 'stopped', segments: 5, gaps: 1 })
    const { gapList } = await engine.getRecording(recording.id)
    expect(gapList).toMatchObject([{ cause: 'not-found', count: 1 }])
  }, 15_000)
})

describe('a media file', () => {
  it('MP4: every picture, both sounds, the date that it carries', async () => {
    const file = await makeFile(
      'film.mp4',
      `${SOURCES} -map 0 -map 1 -map 2 ${CODING} -metadata:s:a:1 language=ger -metadata creation_time=2024-03-01T12:00:00Z`,
    )
    const engine = await openTestEngine()
    const { recording, clock } = await importFrom(engine, file)
    expect(recording).toMatchObject({ title: 'film', gaps: 0, state: 'stopped' })
    expect(clock).toBe('file')
    // The dates of files are true to the second at best.
    expect(Math.floor(recording.startMs / 1000) * 1000).toBe(Date.UTC(2024, 2, 1, 12))
    expect((await engine.getRecording(recording.id)).tracks.map(({ id }) => id)).toEqual([
      'v0',
      'a0',
      'a1',
    ])
    expect(await picturesIn(engine.libraryDir, recording.id)).toEqual(await picturesOf(file))
    expect(readdirSync(engine.libraryDir).filter((name) => name.startsWith('.import'))).toEqual([])
  })

  it.each([
    ['film.ts', `${SOURCES} -map 0 -map 1 ${CODING}`],
    ['film.mkv', `${SOURCES} -map 0 -map 1 ${CODING}`],
    ['sound.m4a', '-f lavfi -t 13 -i sine=440 -c:a aac'],
    // S18: what looks like options and patterns is a name.
    ['-y %d.mp4', `${SOURCES} -map 0 -map 1 ${CODING} -f mp4`],
  ])('%s is taken over whole', async (name, args) => {
    const file = name.startsWith('-')
      ? path.join(path.dirname(await makeFile('x.mp4', args)), 'x.mp4')
      : await makeFile(name, args)
    const named = path.join(path.dirname(file), name)
    if (named !== file) cpSync(file, named)
    const { recording, notTaken } = await importFrom(await openTestEngine(), named)
    expect(recording).toMatchObject({ gaps: 0, state: 'stopped', title: path.parse(name).name })
    expect(Math.abs(recording.durationSec - 13)).toBeLessThan(0.2)
    expect(notTaken).toEqual([])
  })
})

describe('what is refused leaves nothing behind', () => {
  const withSegment = (uri: string) => (text: string) => text.replace('segment-2.ts', uri)
  it.each([
    ['S06 a way upwards', withSegment('../secret.ts'), 'address_refused'],
    ['S06 a way upwards in disguise', withSegment('..%2fsecret.ts'), 'address_refused'],
    ['S06 an absolute path', withSegment('/etc/passwd'), 'address_refused'],
    ['S11 another origin', withSegment('http://127.0.0.1:9/x.ts?token=secret'), 'address_refused'],
    ['S11 a file address', withSegment('file:///etc/passwd'), 'playlist_unreadable'],
    [
      'S11 a key from elsewhere',
      (text: string) =>
        text.replace('#EXTINF', '#EXT-X-KEY:METHOD=AES-128,URI="https://k.example/1"\n#EXTINF'),
      'address_refused',
    ],
    [
      'a key that is not there',
      (text: string) => text.replace('#EXTINF', '#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF'),
      'key_unavailable',
    ],
    ['S37 a playlist that lists nothing', () => '#EXTM3U\n<html>', 'no_footage'],
  ])('%s', async (_what, change, code) => {
    const { playlist } = await folderOf('ts')
    edit(playlist, change)
    const engine = await openTestEngine()
    const failed = importFrom(engine, playlist)
    await expect(failed).rejects.toMatchObject({ code })
    await expect(failed).rejects.not.toThrow(/secret=|token/)
    expect(engine.listRecordings()).toEqual([])
  })

  it('S06 a link that leads out of the folder', async () => {
    const { dir, playlist } = await folderOf('ts')
    const outside = path.join(tempDirForTest(), 'secret.ts')
    cpSync(path.join(dir, 'segment-1.ts'), outside)
    rmSync(path.join(dir, 'segment-2.ts'))
    symlinkSync(outside, path.join(dir, 'segment-2.ts'))
    const engine = await openTestEngine()
    await expect(importFrom(engine, playlist)).rejects.toMatchObject({ code: 'address_refused' })
    expect(engine.listRecordings()).toEqual([])
  })

  it('S12 a file that is no media by its first bytes never reaches ffmpeg', async () => {
    const file = path.join(tempDirForTest(), 'trick.mp4')
    writeFileSync(file, 'ffconcat version 1.0\nfile /etc/passwd\n')
    const engine = await openTestEngine()
    await expect(importFrom(engine, file)).rejects.toMatchObject({ code: 'unsupported_source' })
    expect(engine.listRecordings()).toEqual([])
  })

  it('an import that is cancelled', async () => {
    const engine = await openTestEngine()
    const cancelling = new AbortController()
    const { playlist } = await folderOf('ts')
    const failed = engine.importRecording({
      path: playlist,
      signal: cancelling.signal,
      onProgress: () => cancelling.abort(),
    })
    await expect(failed).rejects.toMatchObject({ code: 'cancelled' })
    expect(engine.listRecordings()).toEqual([])
  })
})
