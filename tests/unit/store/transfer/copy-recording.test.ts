import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../../src-main/ports/logger'
import type { FilePort } from '../../../../src-main/store/file-port'
import type { RecordingStore, Row, TrackStore } from '../../../../src-main/store/model'
import { copyRecording } from '../../../../src-main/store/transfer/copy-recording'
import { readSourceRecording } from '../../../../src-main/store/transfer/source-recording'
import { verifyLibrary } from '../../../../src-main/store/verify/verify-library'
import {
  sampleGap,
  sampleMeta,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../../support/fault-store-samples'
import { openInMemory as open, root } from '../../../support/library-in-memory'
import {
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../../support/memory-file-port'

async function store(track: TrackStore, number: number, patch = {}): Promise<void> {
  const temp = await track.createTemp()
  await temp.write(Buffer.from(`segment ${number}`))
  await track.commitSegment(temp, sampleSegment(number, patch))
}

const rowsOf = ({ index }: TrackStore): Row[] =>
  Array.from({ length: index.length }, (_, at) => index.rowAt(at))

/** A library with a recording of two sections, six segments, a key, a gap that was filled late; spans and a marker. */
async function sourceLibrary() {
  const files = createMemoryFilePort()
  const library = await open(files)
  const recording = await library.create({ ...sampleMeta, state: 'stopped' })
  await recording.update({ markers: [{ atMs: sampleStartMs, label: 'goal' }], pinned: true })
  const track = await recording.addTrack(sampleTrack)
  const init = async (number: number) => {
    const temp = await track.createTemp()
    await temp.write(Buffer.from('section'))
    const { startMs } = sampleSegment(number)
    return (await track.commitInit(temp, { epoch: 0, startMs, extension: 'mp4' })).index
  }
  const first = await init(0)
  for (const number of [0, 1]) await store(track, number, { initIndex: first })
  const gap = await track.appendGap(sampleGap(2))
  const second = await init(3)
  for (const number of [3, 4]) await store(track, number, { initIndex: second })
  const { startMs } = sampleSegment(5)
  const key = await track.commitKey(Buffer.alloc(16, 7), { epoch: 0, startMs })
  await store(track, 5, { initIndex: second, keyIndex: key.index })
  const late = await track.createTemp()
  await late.write(Buffer.from('late'))
  await track.commitLate(late, { ...sampleSegment(2), gapIndex: gap.index, apart: false })
  const spans = await recording.spans()
  await spans.put([{ id: 'x1', kind: 'ad', label: 'a', epoch: 0, startMs: sampleStartMs }])
  await recording.writeResumeInfo({ inputUrl: 'https://example.com/?token=1', quality: 'best' })
  const paths = new Map<number, string>()
  const rows = rowsOf(track)
  for (const row of rows) if ('checksum' in row) paths.set(row.index, track.pathOf(row))
  await library.close()
  const folder = `${root}/recordings/${recording.id}`
  return { files, id: recording.id, folder, rows, pathOf: (at: number) => paths.get(at) ?? '' }
}

/** Copies it into another library; how many segments were lost. */
async function copyInto(
  target: MemoryFilePort,
  { files: source, folder: from }: { files: FilePort; folder: string },
): Promise<{ lost: number; rows: Row[]; recording: RecordingStore; pathOf: TrackStore['pathOf'] }> {
  const library = await open(target)
  try {
    const { meta, tracks } = await readSourceRecording(source, from)
    let lost = 0
    const recording = await library.takeIn(meta.id, async ({ files, folder: to, id }) => {
      lost = await copyRecording({
        source,
        from,
        files,
        to,
        content: { meta: { ...meta, id }, tracks },
        logger: silentLogger,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      })
    })
    const [track] = await recording.tracks()
    if (track === undefined) throw new Error('the copy has no track')
    return { lost, rows: rowsOf(track), recording, pathOf: track.pathOf }
  } finally {
    await library.close()
  }
}

const verify = (files: MemoryFilePort) =>
  verifyLibrary({
    files,
    root,
    deep: true,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })

describe('a copy of a recording', () => {
  it('has every row with its file, spans and description, and leaves the source as it is', async () => {
    const source = await sourceLibrary()
    const before = source.files.operations
    const target = createMemoryFilePort()
    const { lost, rows, recording } = await copyInto(target, source)
    expect({ lost, rows }).toEqual({ lost: 0, rows: source.rows })
    expect(recording.id).toBe(source.id)
    expect(recording.meta).toMatchObject({ pinned: true, markers: [{ label: 'goal' }] })
    expect((await recording.spans()).list()).toMatchObject([{ id: 'x1' }])
    expect(await verify(target)).toMatchObject({ recordings: 1, files: 9, findings: [] })
    expect(source.files.operations).toBe(before)
  })

  it('leaves secrets, quarantine and what VSR has not put there behind', async () => {
    const source = await sourceLibrary()
    source.files.poke(`${source.folder}/notes.txt`, Buffer.from('mine'))
    source.files.poke(`${source.folder}/quarantine/a.0123456789ab.kept`, Buffer.from('x'))
    const target = createMemoryFilePort()
    await copyInto(target, source)
    expect(target.names(source.folder).sort()).toEqual([
      'recording.json',
      'spans.ndjson',
      'tmp',
      'v0',
    ])
  })

  it('has a gap where the source has lost a segment, and a section from an equal one', async () => {
    const source = await sourceLibrary()
    source.files.remove(source.pathOf(0))
    source.files.remove(source.pathOf(1))
    source.files.poke(source.pathOf(6), Buffer.from('segment X'))
    const target = createMemoryFilePort()
    const { lost, rows } = await copyInto(target, source)
    expect(lost).toBe(2)
    expect(rows.map((row) => (row.kind === 'gap' ? row.cause : row.kind))).toEqual([
      'init',
      'damaged',
      'segment',
      'segment',
      'init',
      'segment',
      'damaged',
      'key',
      'segment',
    ])
    expect(await verify(target)).toMatchObject({ findings: [] })
  })

  it('has gaps for what cannot be played without a lost key', async () => {
    const source = await sourceLibrary()
    source.files.remove(source.pathOf(7))
    const target = createMemoryFilePort()
    expect((await copyInto(target, source)).lost).toBe(1)
    expect(await verify(target)).toMatchObject({ files: 7, findings: [] })
  })

  it('is of whole rows where the log of the source is torn or damaged', async () => {
    const source = await sourceLibrary()
    const log = `${source.folder}/v0/segments.ndjson`
    const lines = (source.files.peek(log) ?? Buffer.alloc(0)).toString().split('\n')
    lines[2] = 'junk'
    source.files.poke(log, Buffer.from(`${lines.join('\n')}[1,"s",`))
    const target = createMemoryFilePort()
    const { rows } = await copyInto(target, source)
    expect(rows).toHaveLength(source.rows.length)
    expect(rows[2]).toMatchObject({ kind: 'gap', index: 2, cause: 'damaged', count: 1 })
    expect(await verify(target)).toMatchObject({ findings: [] })
  })

  it('gets another id where its own is taken', async () => {
    const source = await sourceLibrary()
    const target = createMemoryFilePort()
    await copyInto(target, source)
    const { recording } = await copyInto(target, source)
    expect(recording.id).not.toBe(source.id)
    expect(await verify(target)).toMatchObject({ recordings: 2, findings: [] })
  })

  it('is refused where a folder of the source leads elsewhere (S08)', async () => {
    const source = await sourceLibrary()
    const day = source.pathOf(1).split('/').slice(0, -1).join('/')
    const { realPath } = source.files
    source.files.realPath = async (path) => (path === day ? '/etc' : realPath(path))
    const target = createMemoryFilePort()
    await expect(copyInto(target, source)).rejects.toMatchObject({ code: 'bad_request' })
    expect(target.names(`${root}/recordings`)).toEqual([])
    expect(target.names(`${root}/trash`)).toEqual([])
  })

  it.each(crashModes)(
    'F34 F35 every crash point of it, %s: the recording is whole, or not there and nothing of it is left',
    async (mode) => {
      const source = await sourceLibrary()
      const target = createMemoryFilePort()
      const images: MemoryFilePort[] = []
      target.after = () => images.push(target.crash(mode))
      await copyInto(target, source)
      images.push(target.crash(mode))
      let whole = 0
      for (const image of images) {
        // The process before is dead.
        const library = await open(image, { pid: 2 })
        expect(image.names(`${root}/trash`)).toEqual([])
        const [recording] = library.list()
        if (recording !== undefined) {
          const [track] = await recording.tracks()
          expect(track === undefined ? [] : rowsOf(track)).toEqual(source.rows)
          whole += 1
        }
        await library.close()
        expect(await verify(image)).toMatchObject({ findings: [] })
      }
      expect(images.length).toBeGreaterThan(60)
      expect(whole).toBeGreaterThan(0)
      expect(whole).toBeLessThan(images.length)
    },
  )

  it.each(['ENOSPC', 'EIO'])('F31 %s at any one operation leaves nothing of it', async (errno) => {
    const source = await sourceLibrary()
    const counted = createMemoryFilePort()
    await copyInto(counted, source)
    for (let failing = 1; failing <= counted.operations; failing += 1) {
      const target = createMemoryFilePort()
      target.before = ({ number }) => (number === failing ? errno : undefined)
      await copyInto(target, source).catch((cause: unknown) => {
        expect(cause).toMatchObject({ name: 'VsrError' })
      })
      target.before = () => undefined
      await (await open(target, { pid: 2 })).close()
      expect(await verify(target)).toMatchObject({ findings: [] })
    }
  })
})
