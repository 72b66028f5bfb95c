import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../../src-main/ports/logger'
import { openLibrary } from '../../../../src-main/store/library'
import type { Library, Row, TrackStore } from '../../../../src-main/store/model'
import { repairLibrary } from '../../../../src-main/store/repair/repair-library'
import { verifyLibrary } from '../../../../src-main/store/verify/verify-library'
import {
  createStillClock,
  sampleGap,
  sampleMeta,
  sampleProcess,
  sampleSegment,
  sampleStartMs,
  sampleTrack,
} from '../../../support/fault-store-samples'
import {
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../../support/memory-file-port'

const root = '/library'
const request = {
  root,
  deep: true,
  signal: new AbortController().signal,
  onProgress: () => undefined,
}
const look = (files: MemoryFilePort) => verifyLibrary({ ...request, files })
const repair = (files: MemoryFilePort, patch: { deep?: boolean; pid?: number } = {}) => {
  const { pid = 2, deep = true } = patch
  const process = sampleProcess(pid, new Set([pid]))
  return repairLibrary({
    ...request,
    deep,
    files,
    clock: createStillClock(),
    logger: silentLogger,
    process,
  })
}
const open = (files: MemoryFilePort, pid = 1): Promise<Library> =>
  openLibrary({
    root,
    mode: 'write',
    clock: createStillClock(),
    logger: silentLogger,
    files,
    process: sampleProcess(pid, new Set([pid])),
  })

async function store(track: TrackStore, number: number, patch = {}): Promise<void> {
  const temp = await track.createTemp()
  await temp.write(Buffer.from(`segment ${number}`))
  await track.commitSegment(temp, sampleSegment(number, patch))
}

const rowsOf = ({ index }: TrackStore): Row[] =>
  Array.from({ length: index.length }, (_, at) => index.rowAt(at))

/**
 * Rows 0…12: section, two segments, gap, segment, section (the same), two segments, key, two segments with the key; then the gap
 * filled late; paths by index.
 */
async function sample() {
  const files = createMemoryFilePort()
  const library = await open(files)
  const recording = await library.create(sampleMeta)
  const track = await recording.addTrack(sampleTrack)
  const commitInit = async (number: number, text: string) => {
    const temp = await track.createTemp()
    await temp.write(Buffer.from(text))
    const { startMs } = sampleSegment(number)
    return (await track.commitInit(temp, { epoch: 0, startMs, extension: 'mp4' })).index
  }
  const first = await commitInit(0, 'section')
  await store(track, 0, { initIndex: first })
  await store(track, 1, { initIndex: first })
  const gap = await track.appendGap(sampleGap(2))
  await store(track, 3, { initIndex: first })
  const second = await commitInit(4, 'section')
  await store(track, 4, { initIndex: second })
  await store(track, 5, { initIndex: second })
  const { startMs } = sampleSegment(6)
  const key = await track.commitKey(Buffer.alloc(16, 7), { epoch: 0, startMs })
  await store(track, 6, { initIndex: second, keyIndex: key.index })
  await store(track, 7, { initIndex: second, keyIndex: key.index })
  const late = await track.createTemp()
  await late.write(Buffer.from('late'))
  await track.commitLate(late, { ...sampleSegment(2), gapIndex: gap.index, apart: false })
  const paths = new Map<number, string>()
  for (const row of rowsOf(track)) if ('checksum' in row) paths.set(row.index, track.pathOf(row))
  await library.close()
  const folder = `${root}/recordings/${recording.id}`
  const pathOf = (index: number) => paths.get(index) ?? ''
  return { files, id: recording.id, folder, log: `${folder}/v0/segments.ndjson`, pathOf }
}

const kindsOf = (rows: readonly Row[]) =>
  rows.map((row) => [row.index, row.kind === 'gap' ? row.cause : row.kind])

async function openedRows(files: MemoryFilePort, id: string): Promise<Row[]> {
  const library = await open(files, 3)
  const [track] = (await library.get(id)?.tracks()) ?? []
  const rows = track === undefined ? [] : rowsOf(track)
  await library.close()
  return rows
}

const quarantined = (files: MemoryFilePort, folder: string): string[] =>
  files
    .names(`${folder}/quarantine`)
    .map((name) => name.replace(/\.[0-9a-f]{12}\.kept$/, ''))
    .sort()

/** Changes one byte in the middle. */
function damage(files: MemoryFilePort, path: string): void {
  const bytes = Buffer.from(files.peek(path) ?? Buffer.alloc(0))
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  files.poke(path, bytes)
}

describe('repair', () => {
  it('finds nothing to do in a library that is whole, and writes nothing but its lock', async () => {
    const { files, log } = await sample()
    const before = files.peek(log)
    expect(await repair(files)).toMatchObject({ damaged: 0, repaired: 0, findings: [] })
    expect(files.peek(log)).toBe(before)
    expect(files.names(root).sort()).toEqual([
      'library.id',
      'library.json',
      'library.previous.json',
      'recordings',
      'trash',
    ])
  })

  it('F38 makes gaps of rows whose files are lost or changed; nothing else changes, and nothing is deleted', async () => {
    const { files, id, folder, log, pathOf } = await sample()
    const before = await openedRows(files, id)
    const logBefore = files.peek(log) ?? Buffer.alloc(0)
    files.remove(pathOf(1))
    damage(files, pathOf(6))
    const told = await look(files)
    expect(told).toMatchObject({ missing: 1, damaged: 1, repaired: 0 })
    expect(told.findings.map(({ remedy }) => remedy)).toEqual([
      'It becomes a gap.',
      'It becomes a gap. The file goes to quarantine.',
    ])
    expect(await repair(files)).toMatchObject({ missing: 1, damaged: 1, orphans: 0, repaired: 2 })
    expect(await look(files)).toMatchObject({ findings: [], setAside: 2 })

    expect(quarantined(files, folder)).toEqual([
      expect.stringMatching(/^v0-\d+-6\.ts$/),
      'v0-segments.ndjson',
    ])
    const rows = await openedRows(files, id)
    expect(rows.filter(({ index }) => index !== 1 && index !== 6)).toEqual(
      before.filter(({ index }) => index !== 1 && index !== 6),
    )
    const { startMs, durationSec, mediaSequence } = sampleSegment(0)
    expect(rows[1]).toEqual({
      kind: 'gap',
      index: 1,
      epoch: 0,
      startMs,
      durationSec,
      mediaSequence,
      discontinuitySequence: 0,
      cause: 'damaged',
      count: 1,
    })
    const name = files.names(`${folder}/quarantine`).find((each) => each.includes('segments')) ?? ''
    expect(files.peek(`${folder}/quarantine/${name}`)).toEqual(logBefore)
  })

  it('F38 fills such a gap again where the source still has the segment', async () => {
    const { files, id, pathOf } = await sample()
    files.remove(pathOf(1))
    await repair(files)
    const library = await open(files, 3)
    const [track] = (await library.get(id)?.tracks()) ?? []
    const temp = await track?.createTemp()
    await temp?.write(Buffer.from('again'))
    if (track === undefined || temp === undefined) throw new Error('the sample has no track')
    await track.commitLate(temp, { ...sampleSegment(0), gapIndex: 1, apart: false })
    await library.close()
    expect(await look(files)).toMatchObject({ findings: [] })
  })

  it('tells the catalogue, and takes away the index file: all is counted anew', async () => {
    const { files, id, folder, pathOf } = await sample()
    files.remove(pathOf(1))
    files.poke(`${folder}/v0/segments.index`, Buffer.from('of the log as it was'))
    await repair(files)
    expect(files.names(`${folder}/v0`)).not.toContain('segments.index')
    const library = await open(files, 3)
    expect(library.get(id)?.figures).toMatchObject({ segments: 7, gaps: 1, gapSec: 4 })
    await library.close()
  })

  it('opens the gap again that a lost late segment had filled', async () => {
    const { files, id, pathOf } = await sample()
    files.remove(pathOf(3))
    expect(await repair(files)).toMatchObject({ missing: 1, repaired: 1 })
    expect(kindsOf(await openedRows(files, id))[3]).toEqual([3, 'network'])
  })

  it('copies a section from an equal one of the track, a damaged one, too', async () => {
    for (const harm of ['lost', 'damaged']) {
      const { files, id, pathOf } = await sample()
      const before = await openedRows(files, id)
      const section = files.peek(pathOf(5))
      if (harm === 'lost') files.remove(pathOf(0))
      else damage(files, pathOf(0))
      expect((await repair(files)).repaired).toBe(1)
      expect(files.peek(pathOf(0))).toEqual(section)
      expect(await openedRows(files, id)).toEqual(before)
      expect(await look(files)).toMatchObject({ findings: [] })
    }
  })

  it('makes gaps of what cannot be played without a lost key, and keeps its files', async () => {
    const { files, id, folder, pathOf } = await sample()
    files.remove(pathOf(8))
    expect((await look(files)).findings).toMatchObject([
      { remedy: expect.stringContaining('The 2 segments that cannot be played without it') },
    ])
    expect(await repair(files)).toMatchObject({ missing: 1, repaired: 1 })
    expect(kindsOf(await openedRows(files, id)).slice(-2)).toEqual([
      [9, 'damaged'],
      [10, 'damaged'],
    ])
    expect(quarantined(files, folder)).toHaveLength(3)
    expect(await look(files)).toMatchObject({ findings: [] })
  })

  it('F38 moves files without a row to quarantine, and leaves alone what is not VSR’s', async () => {
    const { files, folder, pathOf } = await sample()
    const stray = `${dirname(pathOf(1))}/123-99.ts`
    files.poke(stray, Buffer.from('stray'))
    files.poke(`${folder}/notes.txt`, Buffer.from('mine'))
    files.link(`${dirname(pathOf(1))}/124-98.ts`, '/etc/passwd')
    expect(await repair(files)).toMatchObject({ orphans: 3, repaired: 1 })
    expect(files.peek(stray)).toBeUndefined()
    expect(quarantined(files, folder)).toEqual(['v0-123-99.ts'])
    expect(files.peek(`${folder}/notes.txt`)).toBeDefined()
    expect(await look(files)).toMatchObject({ orphans: 2, setAside: 1 })
  })

  it('leaves footage in place whose log is gone: nobody could put it back', async () => {
    const { files, log, folder } = await sample()
    files.remove(log)
    const report = await repair(files)
    expect(report.orphans).toBe(11)
    expect(report.repaired).toBe(0)
    expect(files.names(folder)).not.toContain('quarantine')
  })

  it('does not judge what the disk cannot read', async () => {
    const { files, id, pathOf } = await sample()
    const { open: openFile } = files
    files.open = (path, mode) =>
      path === pathOf(1)
        ? Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
        : openFile(path, mode)
    expect(await repair(files)).toMatchObject({ damaged: 1, repaired: 0 })
    files.open = openFile
    expect(kindsOf(await openedRows(files, id))[1]).toEqual([1, 'segment'])
  })

  it('F36 cuts off a torn end, and makes a gap of a line that is no row, whose file it moves', async () => {
    const { files, log, folder, id } = await sample()
    const lines = (files.peek(log) ?? Buffer.alloc(0)).toString().split('\n')
    lines[6] = (lines[6] ?? '').replace(/\d/, (digit) => String((Number(digit) + 1) % 10))
    files.poke(log, Buffer.from(`${lines.join('\n')}[1,"s",5`))
    const { startMs, mediaSequence } = sampleSegment(4)
    expect(await repair(files)).toMatchObject({ damaged: 3, orphans: 1, repaired: 4 })
    expect(quarantined(files, folder)).toEqual([
      expect.stringMatching(/-6\.ts$/),
      'v0-segments.ndjson',
    ])
    const rows = await openedRows(files, id)
    expect(rows).toHaveLength(11)
    const gap = { cause: 'damaged', startMs, durationSec: 4, mediaSequence, count: 1 }
    expect(rows[6]).toMatchObject({ kind: 'gap', index: 6, ...gap })
    expect(await look(files)).toMatchObject({ findings: [], setAside: 3 })
  })

  it('writes spans without the lines that cannot be read, and keeps the old ones', async () => {
    const { files, id, folder } = await sample()
    const library = await open(files)
    const spans = await library.get(id)?.spans()
    await spans?.put([{ id: 'x1', kind: 'ad', label: 'break', epoch: 0, startMs: sampleStartMs }])
    await library.close()
    const path = `${folder}/spans.ndjson`
    const whole = files.peek(path) ?? Buffer.alloc(0)
    files.poke(path, Buffer.concat([Buffer.from('junk\n'), whole, Buffer.from('[1,')]))
    expect(await repair(files)).toMatchObject({ damaged: 1, repaired: 1 })
    expect(files.peek(path)).toEqual(whole)
    expect(quarantined(files, folder)).toEqual(['spans.ndjson'])
  })

  it('gives a recording a description again, with the title that the catalogue knows', async () => {
    const { files, id, folder } = await sample()
    files.poke(`${folder}/recording.json`, Buffer.alloc(300))
    expect(await repair(files)).toMatchObject({ damaged: 1, repaired: 1 })
    const library = await open(files, 3)
    const recording = library.get(id)
    expect(recording?.meta).toMatchObject({ id, title: sampleMeta.title, state: 'stopped' })
    expect((await recording?.tracks())?.map(({ info }) => [info.id, info.kind])).toEqual([
      ['v0', 'video'],
    ])
    await library.close()
    expect(quarantined(files, folder)).toEqual(['recording.json'])
  })

  it('gives a recording that was copied the id of its folder', async () => {
    const { files, id, folder } = await sample()
    const copy = `${root}/recordings/aaaaaaaaaaaa`
    for (const name of ['recording.json', 'v0/segments.ndjson']) {
      files.poke(`${copy}/${name}`, files.peek(`${folder}/${name}`) ?? Buffer.alloc(0))
    }
    await repair(files)
    const library = await open(files, 3)
    expect(
      library
        .list()
        .map((recording) => recording.id)
        .sort(),
    ).toEqual(['aaaaaaaaaaaa', id].sort())
    await library.close()
  })

  it('sets a catalogue aside that is none; the next start makes it anew', async () => {
    const { files, id } = await sample()
    files.poke(`${root}/library.json`, Buffer.from('{'))
    expect(await repair(files)).toMatchObject({ damaged: 1, repaired: 1 })
    const library = await open(files, 3)
    expect(library.get(id)?.figures.segments).toBe(8)
    await library.close()
  })

  it('F42 is refused while another VSR has the library open', async () => {
    const { files } = await sample()
    const library = await open(files, 1)
    const process = sampleProcess(2, new Set([1, 2]))
    const clock = createStillClock()
    await expect(
      repairLibrary({ ...request, files, clock, logger: silentLogger, process }),
    ).rejects.toMatchObject({ code: 'library_locked' })
    await library.close()
  })

  it('what it has set aside goes when the recording is deleted', async () => {
    const { files, id, folder, pathOf } = await sample()
    damage(files, pathOf(1))
    files.poke(`${dirname(pathOf(1))}/123-99.ts`, Buffer.from('stray'))
    await repair(files)
    expect(quarantined(files, folder)).toHaveLength(3)
    const library = await open(files, 3)
    await library.delete(id)
    await library.close()
    expect(files.names(`${root}/trash`)).toEqual([])
  })

  it('a recording can go on behind it', async () => {
    const { files, id, pathOf } = await sample()
    files.remove(pathOf(10))
    await repair(files)
    const library = await open(files, 3)
    const [track] = (await library.get(id)?.tracks()) ?? []
    if (track === undefined) throw new Error('the sample has no track')
    await store(track, 8)
    expect(rowsOf(track).at(-1)?.index).toBe(11)
    await library.close()
    expect(await look(files)).toMatchObject({ findings: [] })
  })
})

/** Everything that a repair puts right, at once. */
async function broken() {
  const made = await sample()
  const { files, folder, log, pathOf } = made
  const kept = [2, 4, 5, 6, 8, 9, 3].map((index) => files.peek(pathOf(index)) ?? Buffer.alloc(0))
  files.remove(pathOf(1))
  files.remove(pathOf(0))
  damage(files, pathOf(7))
  const lines = (files.peek(log) ?? Buffer.alloc(0)).toString().split('\n')
  lines[10] = 'junk'
  files.poke(log, Buffer.from(lines.join('\n')))
  files.poke(`${folder}/recording.json`, Buffer.from('{'))
  files.poke(`${folder}/spans.ndjson`, Buffer.from('junk\n'))
  files.poke(`${dirname(pathOf(2))}/123-99.ts`, Buffer.from('stray'))
  // All of it is on the disk.
  return { ...made, files: files.crash('applied'), kept }
}

/** All bytes that lie anywhere in the recording. */
function everything(files: MemoryFilePort, folder: string): Set<string> {
  const found = new Set<string>()
  const walk = (path: string): void => {
    for (const name of files.names(path)) {
      const data = files.peek(`${path}/${name}`)
      if (data === undefined) walk(`${path}/${name}`)
      else found.add(data.toString('latin1'))
    }
  }
  walk(folder)
  return found
}

describe('crash points of a repair', () => {
  it.each(crashModes)(
    'F34 F35 F38 every crash point, %s: whole footage stays, nothing is deleted, a second repair ends it',
    async (mode) => {
      const { files, id, folder, kept } = await broken()
      const before = everything(files, folder)
      const images: MemoryFilePort[] = []
      files.after = () => images.push(files.crash(mode))
      const report = await repair(files)
      expect(report).toMatchObject({ missing: 2, damaged: 4, orphans: 2, repaired: 8 })
      images.push(files.crash(mode))
      expect(images.length).toBeGreaterThan(40)
      for (const image of images) {
        // A start right behind the crash, which mends by itself what it always does, and then the repair again.
        await (await open(image, 5)).close()
        await repair(image, { pid: 6 })
        expect(await look(image)).toMatchObject({ findings: [] })
        const library = await open(image, 7)
        const [track] = (await library.get(id)?.tracks()) ?? []
        if (track === undefined) throw new Error('the recording cannot be opened')
        const stored = rowsOf(track).filter((row) => 'checksum' in row)
        const bodies = stored.map((row) => image.peek(track.pathOf(row)) ?? Buffer.alloc(0))
        expect(bodies.map((body, at) => crc32(body) === stored[at]?.checksum)).not.toContain(false)
        for (const body of kept) expect(bodies).toContainEqual(body)
        await library.close()
        const after = everything(image, folder)
        for (const content of before) {
          const isLog = content.startsWith('[1,')
          if (!isLog) expect(after, content).toContain(content)
        }
      }
    },
  )

  it.each(['ENOSPC', 'EIO'])(
    'F31 F38 %s at any one operation: nothing is lost, and a second repair ends it',
    async (errno) => {
      const counted = await broken()
      const from = counted.files.operations
      await repair(counted.files)
      const operations = counted.files.operations - from
      for (let failing = 1; failing <= operations; failing += 1) {
        const { files, folder } = await broken()
        const before = everything(files, folder)
        const start = files.operations
        files.before = ({ number }) => (number - start === failing ? errno : undefined)
        await repair(files).catch((cause: unknown) =>
          expect(cause).toMatchObject({ name: 'VsrError' }),
        )
        files.before = () => undefined
        await repair(files, { pid: 6 })
        expect(await look(files)).toMatchObject({ findings: [] })
        const after = everything(files, folder)
        for (const content of before) {
          if (!content.startsWith('[1,')) expect(after).toContain(content)
        }
      }
    },
  )
})
