import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import type { Library } from '../../src-main/store/model'
import { nodeFilePort } from '../../src-main/store/node-file-port'
import { verifyLibrary } from '../../src-main/store/verify/verify-library'
import { tempDirForTest } from '../support/temp-dir'

/**
 * Libraries as earlier versions have left them, one folder for each format: never written anew. A change of the format adds a
 * folder, and whatever it takes to open these.
 */
const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/libraries')
const START_MS = 1_790_000_000_000
const ID = '9ej7r35fctm4'

/** A copy to open; git keeps no empty folders. */
function copyOf(format: string, id = ID): string {
  const root = path.join(tempDirForTest(), 'library')
  cpSync(path.join(FIXTURES, format), root, { recursive: true })
  mkdirSync(path.join(root, 'recordings', id, 'tmp'), { recursive: true })
  return root
}

/** What `vsr verify --deep` finds. */
const verify = (root: string) =>
  verifyLibrary({
    files: nodeFilePort,
    root,
    deep: true,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })

async function open(root: string, mode: 'read' | 'write'): Promise<Library> {
  const library = await openLibrary({ root, mode, clock: systemClock, logger: silentLogger })
  onTestFinished(() => library.close())
  return library
}

describe.each(['read', 'write'] as const)('a library of format 1, opened to %s', (mode) => {
  it('has its recording with every kind of row, at their places', async () => {
    const library = await open(copyOf('format-1'), mode)
    const [recording, ...others] = library.list()
    expect(others).toEqual([])
    expect(recording?.meta).toEqual({
      id: ID,
      title: 'Ein Abend – “live”',
      sourceUrl: 'http://source.example/live.m3u8',
      state: 'stopped',
      createdMs: START_MS,
      pinned: true,
      pinnedSpans: [],
      live: false,
      keepWaiting: false,
      sourceEnded: true,
      markers: [{ atMs: START_MS + 1000, label: 'goal' }],
    })
    expect(recording?.figures).toMatchObject({ segments: 4, gaps: 1, gapSec: 4, bytes: 72 })
    const [picture, sound] = (await recording?.tracks()) ?? []
    expect(sound?.info).toMatchObject({ id: 'a0', language: 'de', name: 'Deutsch' })
    const index = picture?.index
    const rows = Array.from({ length: index?.length ?? 0 }, (_, at) => index?.rowAt(at))
    expect(rows.map((row) => [row?.kind, row?.index, (row?.startMs ?? 0) - START_MS])).toEqual([
      ['discontinuity', 0, 0],
      ['init', 1, 0],
      ['segment', 2, 0],
      ['gap', 3, 4000],
      ['segment', 4, 8000],
      ['segment', 5, 12_000],
      ['key', 6, 16_000],
      ['segment', 7, 16_000],
    ])
    expect(rows[4]).toMatchObject({ late: { number: 1, apart: false } })
    expect(rows[6]).toMatchObject({ iv: `${'0'.repeat(31)}9` })
    expect(rows[7]).toMatchObject({ keyIndex: 6, initIndex: 1 })
    for (const row of rows) {
      if (row === undefined || picture === undefined || !('checksum' in row)) continue
      expect(crc32(readFileSync(picture.pathOf(row)))).toBe(row.checksum)
    }
    expect((await recording?.spans())?.list()).toMatchObject([{ id: 'x1', label: 'break' }])
  })

  it('keeps its log as it is: an older VSR could still read it', async () => {
    const root = copyOf('format-1')
    const log = path.join(root, 'recordings', ID, 'v0', 'segments.ndjson')
    const before = readFileSync(log, 'utf8')
    const library = await open(root, mode)
    await library.get(ID)?.tracks()
    await library.close()
    expect(readFileSync(log, 'utf8')).toBe(before)
  })
})

describe.each(['read', 'write'] as const)('a library that has let go, opened to %s', (mode) => {
  const id = 'l142i8yes06c'

  it('has what is left, numbered as it was for whoever followed it, with and without its late segment', async () => {
    const library = await open(copyOf('let-go', id), mode)
    const recording = library.get(id)
    expect(recording?.figures).toMatchObject({
      startMs: START_MS + 16_000,
      segments: 2,
      gaps: 0,
      bytes: 25,
    })
    const [track] = (await recording?.tracks()) ?? []
    const rowsOf = (late: number) => {
      const index = track?.indexAsOf(late)
      return Array.from({ length: index?.length ?? 0 }, (_, at) => [
        index?.rowAt(at).kind,
        index?.indexAt(at),
        index?.segmentsBefore(at),
        index?.discontinuitiesBefore(at),
      ])
    }
    expect(rowsOf(0)).toEqual([
      ['discontinuity', 0, 3, 1],
      ['init', 1, 3, 1],
      ['segment', 6, 3, 1],
      ['segment', 7, 4, 1],
    ])
    expect(rowsOf(1).slice(2)).toEqual([
      ['segment', 6, 4, 0],
      ['segment', 7, 5, 0],
    ])
    expect(track?.index.gone).toEqual({ before: 6, breaks: 0, beside: 0 })
  })

  it('removes no file that is still needed, and its log is as it was', async () => {
    const root = copyOf('let-go', id)
    const folder = path.join(root, 'recordings', id, 'v0')
    const log = readFileSync(path.join(folder, 'segments.ndjson'), 'utf8')
    const library = await open(root, mode)
    await library.get(id)?.tracks()
    await library.close()
    expect(readdirSync(path.join(folder, '2026-09-21')).sort()).toEqual([
      '1790000000000-1.mp4',
      '1790000016000-6.m4s',
      '1790000020000-7.m4s',
    ])
    expect(readFileSync(path.join(folder, 'segments.ndjson'), 'utf8')).toBe(log)
    expect(await verify(root)).toMatchObject({ findings: [] })
  })
})

describe.each(['read', 'write'] as const)('a library of format 2, opened to %s', (mode) => {
  it('has its pinned stretch, the gap of what was damaged, and what a repair has set aside', async () => {
    const root = copyOf('format-2')
    const library = await open(root, mode)
    const recording = library.get(ID)
    expect(recording?.meta.pinnedSpans).toEqual([
      { id: 'p1', fromMs: START_MS, toMs: START_MS + 8000, name: 'opening' },
    ])
    const [picture] = (await recording?.tracks()) ?? []
    const index = picture?.index
    const rows = Array.from({ length: index?.length ?? 0 }, (_, at) => index?.rowAt(at))
    expect(rows.map((row) => [row?.kind, row?.index]).slice(-3)).toEqual([
      ['segment', 7],
      ['gap', 8],
      ['segment', 9],
    ])
    expect(rows.at(-2)).toMatchObject({ cause: 'damaged', count: 1, mediaSequence: 105 })
    expect(await verify(root)).toMatchObject({ findings: [], setAside: 2 })
  })
})

describe('a library of an earlier format', () => {
  it('stays as it is until it needs a later one; then what was there is kept beside it', async () => {
    const root = copyOf('format-1')
    const folder = path.join(root, 'recordings', ID)
    const before = readFileSync(path.join(folder, 'recording.json'), 'utf8')
    const library = await open(root, 'write')
    expect(readFileSync(path.join(folder, 'recording.json'), 'utf8')).toBe(before)
    await library
      .get(ID)
      ?.update({ pinnedSpans: [{ id: 'p1', fromMs: START_MS, toMs: START_MS + 4000 }] })
    expect(readFileSync(path.join(folder, 'recording.json'), 'utf8')).toContain('"version": 2')
    expect(readFileSync(path.join(folder, 'recording.v1.json'), 'utf8')).toBe(before)
    await library.close()
    expect((await open(root, 'read')).get(ID)?.meta.pinnedSpans).toHaveLength(1)
    expect(await verify(root)).toMatchObject({ findings: [] })
  })

  it.each(['library.json', `recordings/${ID}/recording.json`])(
    'and one of a later format is refused with a sentence, and left as it is: %s',
    async (name) => {
      const root = copyOf('format-1')
      const file = path.join(root, name)
      const later = readFileSync(file, 'utf8').replace('"version": 1', '"version": 99')
      writeFileSync(file, later)
      for (const mode of ['read', 'write'] as const) {
        await expect(open(root, mode)).rejects.toMatchObject({
          code: 'library_too_new',
          message: expect.stringMatching(
            /^A newer version of VSR wrote this (library|recording)\.$/,
          ),
        })
      }
      expect(readFileSync(file, 'utf8')).toBe(later)
    },
  )
})
