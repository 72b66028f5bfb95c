import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyLibrary } from '../../../../src-main/store/verify/verify-library'
import type { LibraryDocument } from '../../../../src-main/store/verify/look-at-documents'
import type { MemoryFilePort } from '../../../support/memory-file-port'
import {
  filledLibrary as filled,
  openInMemory as open,
  root,
  storeSample as store,
} from '../../../support/library-in-memory'

const look = (
  files: MemoryFilePort,
  options: { deep?: boolean; recordingId?: string; documents?: readonly LibraryDocument[] } = {},
) =>
  verifyLibrary({
    files,
    root,
    deep: false,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  })

/** A library with a recording of so many segments, and where they lie. */
async function withSegments(count: number) {
  const { files, id } = await filled()
  const library = await open(files)
  const [track] = (await library.get(id)?.tracks()) ?? []
  if (track === undefined) throw new Error('the sample has no track')
  for (let number = 4; number < count + 1; number += 1) await store(track, number)
  const paths: string[] = []
  for (let position = 0; position < track.index.length; position += 1) {
    const row = track.index.rowAt(position)
    if (row.kind === 'segment') paths.push(track.pathOf(row))
  }
  await library.close()
  const folder = `${root}/recordings/${id}`
  return { files, id, paths, folder, log: `${folder}/v0/segments.ndjson` }
}

/** Changes one byte in the middle. */
function damage(files: MemoryFilePort, path: string): void {
  const bytes = Buffer.from(files.peek(path) ?? Buffer.alloc(0))
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  files.poke(path, bytes)
}

describe('verify', () => {
  it('finds nothing wrong with a library that is whole, and changes nothing', async () => {
    const { files } = await withSegments(12)
    const before = files.operations
    expect(await look(files, { deep: true })).toEqual({
      recordings: 1,
      rows: 13,
      files: 12,
      missing: 0,
      orphans: 0,
      damaged: 0,
      repaired: 0,
      setAside: 0,
      findings: [],
    })
    expect(files.operations).toBe(before)
  })

  it('finds nothing wrong with footage that is being let go, or was when a crash came', async () => {
    const { files, id, paths, log } = await withSegments(8)
    const library = await open(files, { nowMs: Date.UTC(2026, 3) })
    files.before = ({ name }) => (name === 'unlink' ? 'EBUSY' : undefined)
    const recording = library.get(id)
    const [track] = (await recording?.tracks()) ?? []
    await recording?.letGo({ beforeMs: track?.index.startMsAt(6) ?? 0 })
    files.before = () => undefined
    expect(files.peek(paths[0] ?? '')).toBeDefined()
    const ofCrash = await look(files)
    expect(ofCrash).toMatchObject({ missing: 0, orphans: 0, damaged: 0, findings: [] })
    expect(ofCrash.rows).toBe(track?.index.length)

    // Rows that go between the look at the log and that at their files.
    const before = Buffer.from(files.peek(log) ?? [])
    await recording?.letGo({ beforeMs: track?.index.startMsAt(1) ?? 0 })
    const after = Buffer.from(files.peek(log) ?? [])
    expect(after.length).toBeGreaterThan(before.length)
    files.poke(log, before)
    const { stat } = files
    files.stat = (path) => {
      if (path === paths[6]) files.poke(log, after)
      return stat(path)
    }
    expect(await look(files)).toMatchObject({ missing: 0, orphans: 0, damaged: 0, findings: [] })
    await library.close()
  })

  it('F38 tells ten files that are gone and ten that nobody knows, and leaves them', async () => {
    const { files, paths, folder } = await withSegments(20)
    const gone = paths.slice(3, 13)
    for (const path of gone) files.remove(path)
    const day = dirname(paths[0] ?? '')
    const added = [
      ...Array.from({ length: 5 }, (_, at) => `${day}/${at}-900${at}.ts`),
      `${day}/holiday.ts`,
      `${folder}/notes.txt`,
      `${folder}/v0/segments.bak`,
      `${folder}/tmp/mine.part`,
      `${root}/recordings/readme.txt`,
    ]
    for (const path of added) files.poke(path, Buffer.from('x'))

    const { missing, orphans, damaged, findings, files: there } = await look(files)
    expect({ missing, orphans, damaged, there }).toEqual({
      missing: 10,
      orphans: 10,
      damaged: 0,
      there: 10,
    })
    const pathsOf = (kind: string) =>
      findings.filter((finding) => finding.kind === kind).map(({ path }) => path)
    expect(pathsOf('missing')).toEqual(gone)
    expect(pathsOf('orphan').sort()).toEqual(added.sort())
    for (const path of added) expect(files.peek(path)).toBeDefined()
  })

  it('tells a file that is shorter at once, and a changed byte where it reads deep', async () => {
    const { files, paths } = await withSegments(6)
    const [short = '', changed = ''] = paths
    files.poke(short, Buffer.from('cut'))
    damage(files, changed)
    expect((await look(files)).findings).toMatchObject([
      { kind: 'damaged', path: short, message: 'It has 3 bytes, and 9 were stored.' },
    ])
    const deep = await look(files, { deep: true })
    expect(deep.findings.map(({ path }) => path)).toEqual([short, changed])
    expect(deep).toMatchObject({ damaged: 2, files: 4, missing: 0, orphans: 0 })
  })

  it('F36 tells a line of the log that is no row, and the file that it stood for', async () => {
    const { files, log, paths } = await withSegments(8)
    const lines = (files.peek(log) ?? Buffer.alloc(0)).toString().split('\n')
    lines[4] = (lines[4] ?? '').replace(/\d/, (digit) => String((Number(digit) + 1) % 10))
    files.poke(log, Buffer.from(lines.join('\n')))
    expect(await look(files)).toMatchObject({
      rows: 8,
      files: 7,
      damaged: 2,
      orphans: 1,
      findings: [
        { kind: 'damaged', path: log },
        { kind: 'damaged', path: log, message: expect.stringContaining('1 segment has no row') },
        { kind: 'orphan', path: paths[3] },
      ],
    })
  })

  it('tells a recording that cannot be opened, and looks at its footage all the same', async () => {
    const { files, folder } = await withSegments(5)
    files.poke(`${folder}/recording.json`, Buffer.from('{'))
    expect(await look(files)).toMatchObject({
      recordings: 1,
      files: 5,
      damaged: 1,
      findings: [{ kind: 'damaged', path: `${folder}/recording.json` }],
    })
  })

  it('takes a segment that is stored meanwhile for no fault', async () => {
    const { files, id } = await withSegments(5)
    const library = await open(files)
    const [track] = (await library.get(id)?.tracks()) ?? []
    if (track === undefined) throw new Error('the sample has no track')
    const { readFolder } = files
    // Each folder that is listed has one more segment right before, and the log one right behind.
    let number = 20
    files.readFolder = async (path) => {
      await store(track, (number += 1))
      const listed = await readFolder(path)
      await store(track, (number += 1))
      return listed
    }
    const report = await look(files)
    files.readFolder = readFolder
    expect(report).toMatchObject({ missing: 0, orphans: 0, damaged: 0, findings: [] })
    await library.close()
  })

  it('takes a file whose row is written while the log is read for no fault', async () => {
    const { files, log, paths } = await withSegments(5)
    const whole = files.peek(log) ?? Buffer.alloc(0)
    const { open: openFile } = files
    files.poke(log, whole.subarray(0, whole.lastIndexOf(10, -2) + 1))
    files.open = async (path, mode) => {
      const file = await openFile(path, mode)
      if (path !== log) return file
      return {
        ...file,
        async close() {
          await file.close()
          files.poke(log, whole)
        },
      }
    }
    expect(paths).toHaveLength(5)
    expect(await look(files)).toMatchObject({ orphans: 0, missing: 0, damaged: 0 })
  })

  it('F36 tells the end of a log that was torn off, and lines that were set aside before', async () => {
    const { files, log, folder } = await withSegments(6)
    files.poke(log, Buffer.concat([files.peek(log) ?? Buffer.alloc(0), Buffer.from('[1,"s",8')]))
    files.poke(`${folder}/v0/segments.damaged.ndjson`, Buffer.from('one\ntwo\n'))
    expect(await look(files)).toMatchObject({
      damaged: 1,
      setAside: 2,
      findings: [{ kind: 'damaged', path: log, message: expect.stringContaining('8 bytes') }],
    })
  })

  it('tells lines of spans and activity that cannot be read', async () => {
    const { files, folder } = await withSegments(4)
    const span = '[1,"x1","ad","break",0,1790000000000,null,null,null,1]'
    files.poke(`${folder}/spans.ndjson`, Buffer.from(`${span}\n`))
    files.poke(`${folder}/activity.ndjson`, Buffer.from('[1,{"atMs":1'))
    expect((await look(files)).findings).toMatchObject([
      { path: `${folder}/spans.ndjson`, message: '1 line of it cannot be read.' },
      { path: `${folder}/activity.ndjson`, message: 'Its last line was cut off.' },
    ])
  })

  it('tells a catalogue that is broken, or that has figures which the logs do not have', async () => {
    const { files } = await withSegments(4)
    const path = `${root}/library.json`
    const text = (files.peek(path) ?? Buffer.alloc(0)).toString()
    files.poke(path, Buffer.from(text.replace(/"segments": \d+/, '"segments": 99')))
    expect((await look(files)).findings).toMatchObject([{ kind: 'damaged', path }])
    files.poke(path, Buffer.from('{'))
    expect((await look(files)).findings).toMatchObject([{ kind: 'damaged', path }])
    files.remove(path)
    expect((await look(files)).findings).toEqual([])
  })

  it('tells settings that are none', async () => {
    const { files } = await withSegments(4)
    files.poke(`${root}/settings.json`, Buffer.from('{"port":'))
    const otherwise = 'the defaults hold'
    const documents = [
      { name: 'settings.json', accepts: (value: unknown) => value !== undefined, otherwise },
    ]
    expect((await look(files, { documents })).findings).toMatchObject([
      {
        kind: 'damaged',
        path: `${root}/settings.json`,
        remedy: expect.stringContaining(otherwise),
      },
    ])
  })

  it('goes on where the disk refuses a file or a folder, and says which', async () => {
    const { files, id, paths, folder } = await withSegments(6)
    const library = await open(files)
    const other = await library.create({
      title: 'B',
      sourceUrl: 'x',
      state: 'stopped',
      live: false,
    })
    await library.close()
    const [bad = ''] = paths
    const { open: openFile, readFolder } = files
    const eio = () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
    files.open = (path, mode) => (path === bad ? eio() : openFile(path, mode))
    files.readFolder = (path) =>
      path === `${root}/recordings/${other.id}` ? eio() : readFolder(path)
    const report = await look(files, { deep: true })
    expect(report).toMatchObject({ recordings: 2, files: 5, damaged: 2, missing: 0, orphans: 0 })
    expect(report.findings.map(({ path }) => path).sort()).toEqual(
      [bad, `${root}/recordings/${other.id}`].sort(),
    )
    files.open = (path, mode) =>
      path === `${folder}/v0/segments.ndjson` ? eio() : openFile(path, mode)
    files.readFolder = readFolder
    expect(await look(files, { recordingId: id })).toMatchObject({
      findings: [{ path: `${folder}/v0/segments.ndjson`, message: expect.stringContaining('EIO') }],
    })
  })

  it('tells of a recording that a newer VSR wrote to nothing but that', async () => {
    const { files, folder, paths } = await withSegments(4)
    files.remove(paths[0] ?? '')
    const path = `${folder}/recording.json`
    files.poke(path, Buffer.from('{"version":99}'))
    expect(await look(files)).toMatchObject({ damaged: 1, missing: 0, findings: [{ path }] })
  })

  it('looks at one recording where one is named, and stops when it is told to', async () => {
    const { files, id } = await withSegments(4)
    const library = await open(files)
    await library.create({ title: 'Another', sourceUrl: 'x', state: 'stopped', live: false })
    await library.close()
    expect((await look(files)).recordings).toBe(2)
    expect((await look(files, { recordingId: id })).recordings).toBe(1)
    await expect(look(files, { recordingId: 'aaaaaaaaaaaa' })).rejects.toMatchObject({
      code: 'recording_not_found',
    })
    const stopped = new AbortController()
    const ended = verifyLibrary({
      files,
      root,
      deep: false,
      signal: stopped.signal,
      onProgress: () => stopped.abort(new Error('enough')),
    })
    await expect(ended).rejects.toThrow('enough')
  })
})
