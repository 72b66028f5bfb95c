import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Engine } from '../../src-main/engine'
import { makeMedia, type MediaKind, readMedia } from '../support/media'
import { runProcess, words } from '../support/processes'
import { encryptSamples } from '../support/sample-aes'
import { tempDirForTest } from '../support/temp-dir'
import { openTestEngine } from '../support/test-engine'
import { toolPath } from '../support/tools'

async function importFolder(engine: Engine, from: string) {
  const { signal } = new AbortController()
  return (await engine.importRecording({ path: from, signal, onProgress: () => undefined }))
    .recording
}

const importMedia = async (engine: Engine, kind: MediaKind) =>
  await importFolder(engine, (await makeMedia({ kind })).dir)

/** Archives a recording, or seconds of it, into a folder that is not there yet. */
async function archive(engine: Engine, id: string, range: readonly [number, number] = [0, 1e6]) {
  const { startMs } = engine.listRecordings().find((recording) => recording.id === id) ?? {
    startMs: 0,
  }
  const { signal } = new AbortController()
  return await engine.archiveRecording({
    recordingId: id,
    fromMs: startMs + range[0] * 1000,
    toMs: startMs + range[1] * 1000,
    folder: path.join(tempDirForTest(), 'old tape'),
    signal,
    onProgress: () => undefined,
  })
}

/** What ffmpeg decodes of a stream of a playlist as it opens it by itself: a hash of each frame. */
async function framesOf(playlist: string, stream: string): Promise<string[]> {
  const args = [
    ...words('-v error -i'),
    playlist,
    ...words(`-map 0:${stream} -fps_mode passthrough -f framemd5 -`),
  ]
  const { stdout, stderr } = await runProcess({ command: toolPath('ffmpeg'), args })
  if (stderr !== '') throw new Error(stderr)
  return stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('0,') ? [line.split(',').at(-1) ?? ''] : []))
}

const segmentsIn = (playlist: string) =>
  readFileSync(playlist, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))

describe('an archive', () => {
  it.each(['ts', 'fmp4'] as const)(
    '%s plays without VSR, also when the library has deleted the recording',
    async (kind) => {
      const engine = await openTestEngine()
      const source = await makeMedia({ kind })
      const recording = await importFolder(engine, source.dir)
      const { folder, files, links } = await archive(engine, recording.id)
      // All but the playlist lies on the same disk.
      expect(links).toBe(files - 1)
      await engine.deleteRecording(recording.id, { now: true })
      const expected = await framesOf(path.join(source.dir, source.playlist), 'v')
      expect(expected).toHaveLength(150)
      expect(await framesOf(path.join(folder, 'index.m3u8'), 'v')).toEqual(expected)
    },
  )

  it('holds every sound, each with its language', async () => {
    const engine = await openTestEngine()
    const { dir } = await makeMedia({ kind: 'languages' })
    const { id } = await importFolder(engine, dir)
    const { folder } = await archive(engine, id)
    const main = readFileSync(path.join(folder, 'index.m3u8'), 'utf8')
    expect(main).toMatch(/LANGUAGE="en",.*URI="a0.m3u8"\n.*LANGUAGE="de",.*URI="a1.m3u8"/)
    for (const [track, name] of [
      ['v0', 'picture'],
      ['a0', 'english'],
      ['a1', 'german'],
    ]) {
      const stream = track === 'v0' ? 'v' : 'a'
      const expected = await framesOf(path.join(dir, `${name}.m3u8`), stream)
      expect(expected.length).toBeGreaterThan(100)
      expect(await framesOf(path.join(folder, `${track}.m3u8`), stream)).toEqual(expected)
    }
  })

  it('marks what is missing, and can be imported with the time that it was recorded', async () => {
    const engine = await openTestEngine()
    const { dir } = await makeMedia({ kind: 'ts' })
    const spoilt = tempDirForTest()
    cpSync(dir, spoilt, { recursive: true })
    rmSync(path.join(spoilt, 'segment-2.ts'))
    const recording = await importFolder(engine, spoilt)
    const { folder } = await archive(engine, recording.id)
    const text = readFileSync(path.join(folder, 'index.m3u8'), 'utf8')
    expect(text).toMatch(/CLASS="vsr.gap",.*DURATION=1,X-CAUSE="not-found"/)
    expect(text.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1)
    expect(await framesOf(path.join(folder, 'index.m3u8'), 'v')).toHaveLength(125)

    const again = await importFolder(engine, folder)
    expect(again).toMatchObject({ title: 'old tape', segments: 5, startMs: recording.startMs })
  })

  it('leaves SAMPLE-AES as it is stored, with its key, which is for its owner only', async () => {
    const { media } = await readMedia({ kind: 'ts' })
    const source = tempDirForTest()
    const [key, iv] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)]
    writeFileSync(path.join(source, 'secret.key'), key)
    const lines = media.map(({ name, body, durationSec }) => {
      writeFileSync(path.join(source, name), encryptSamples({ ts: body, key, iv }))
      return `#EXTINF:${durationSec},\n${name}`
    })
    const tag = `#EXT-X-KEY:METHOD=SAMPLE-AES,URI="secret.key",IV=0x${iv.toString('hex')}`
    const text = ['#EXTM3U', '#EXT-X-TARGETDURATION:1', tag, ...lines, '#EXT-X-ENDLIST'].join('\n')
    writeFileSync(path.join(source, 'index.m3u8'), text)
    const engine = await openTestEngine()
    const { id } = await importFolder(engine, source)
    const { folder } = await archive(engine, id)
    const names = readdirSync(path.join(folder, 'media'))
    const [keyName = ''] = names.filter((name) => name.endsWith('.key'))
    const keyFile = path.join(folder, 'media', keyName)
    expect(readFileSync(keyFile)).toEqual(key)
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    expect(statSync(keyFile).nlink).toBe(1)
    const playlist = readFileSync(path.join(folder, 'index.m3u8'), 'utf8')
    expect(playlist).toContain(
      `METHOD=SAMPLE-AES,URI="media/${keyName}",IV=0x${iv.toString('hex')}`,
    )
    const [first = ''] = segmentsIn(path.join(folder, 'index.m3u8'))
    expect(readFileSync(path.join(folder, first))).toEqual(
      readFileSync(path.join(source, media[0]?.name ?? '')),
    )
  })

  it('of a range has the segments that it touches', async () => {
    const engine = await openTestEngine()
    const { id } = await importMedia(engine, 'ts')
    const { folder } = await archive(engine, id, [1.5, 3.5])
    const segments = segmentsIn(path.join(folder, 'index.m3u8'))
    expect(segments).toHaveLength(3)
    expect(readdirSync(path.join(folder, 'media')).map((name) => `media/${name}`)).toEqual(segments)
  })

  it('keeps to itself what it is made of: no link but to files, no names but its own', async () => {
    const engine = await openTestEngine()
    const { id } = await importMedia(engine, 'fmp4')
    const { folder } = await archive(engine, id)
    for (const name of readdirSync(path.join(folder, 'media'))) {
      expect(name).toMatch(/^[a-z0-9]+-v0-\d+\.(mp4|m4s)$/)
      expect(statSync(path.join(folder, 'media', name)).isFile()).toBe(true)
    }
    expect(readdirSync(path.dirname(folder))).toEqual(['old tape'])
  })
})

describe('what cannot be archived leaves nothing behind', () => {
  it('a file that is no longer what was stored', async () => {
    const engine = await openTestEngine()
    const { id } = await importMedia(engine, 'ts')
    const track = path.join(engine.libraryDir, 'recordings', id, 'v0')
    const day = readdirSync(track).find((name) => /^\d{4}-/.test(name)) ?? ''
    const file = path.join(track, day, readdirSync(path.join(track, day)).sort()[2] ?? '')
    const bytes = readFileSync(file)
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    writeFileSync(file, bytes)
    const parent = tempDirForTest()
    const failed = engine.archiveRecording({
      recordingId: id,
      fromMs: 0,
      toMs: 8e15,
      folder: path.join(parent, 'x'),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    await expect(failed).rejects.toMatchObject({ code: 'segment_not_found' })
    expect(readdirSync(parent)).toEqual([])
  })

  it('a folder that is there, one in no folder, a range without footage, a change of mind', async () => {
    const engine = await openTestEngine()
    const { id } = await importMedia(engine, 'ts')
    const parent = tempDirForTest()
    const into = async (folder: string, fromMs = 0, signal = new AbortController().signal) =>
      await engine.archiveRecording({
        recordingId: id,
        fromMs,
        toMs: 8e15,
        folder,
        signal,
        onProgress: () => undefined,
      })
    const target = path.join(parent, 'x')
    await expect(into(parent)).rejects.toMatchObject({ code: 'export_target_exists' })
    await expect(into(path.join(target, 'y'))).rejects.toMatchObject({
      code: 'export_target_unwritable',
    })
    await expect(into(target, 7e15)).rejects.toMatchObject({ code: 'no_footage' })
    await expect(into(target, 0, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    expect(existsSync(target)).toBe(false)
    expect(readdirSync(parent)).toEqual([])
  })
})
