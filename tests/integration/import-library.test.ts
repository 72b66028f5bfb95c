import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Engine } from '../../src-main/engine'
import { importLibrary } from '../../src-main/library-import'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import { makeMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { openTestEngine } from '../support/test-engine'

const still = { signal: new AbortController().signal, onProgress: () => undefined }
const copyFrom = (engine: Engine, from: string) => engine.importLibrary({ path: from, ...still })

/** A library with so many recordings; its engine is closed. */
async function library(count: number): Promise<{ root: string; ids: string[] }> {
  const root = path.join(tempDirForTest(), 'old')
  mkdirSync(root)
  const engine = await openTestEngine(root)
  const { dir } = await makeMedia({ kind: 'fmp4' })
  const ids: string[] = []
  for (let number = 0; number < count; number += 1) {
    const name = `Tape ${number}`
    ids.push((await engine.importRecording({ path: dir, name, ...still })).recording.id)
  }
  await engine.close()
  return { root, ids }
}

/** All files below a folder, with their content. */
function contentOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file, 'latin1')]),
  )
}

describe('the recordings of another library', () => {
  it('are copied whole, with their ids and names; nothing there changes', async () => {
    const { root, ids } = await library(2)
    const before = contentOf(root)
    const engine = await openTestEngine()
    const percents: number[] = []
    const imported = await engine.importLibrary({
      path: root,
      ...still,
      onProgress: (percent) => percents.push(percent),
    })
    expect(imported).toMatchObject({ lost: 0, notTaken: [] })
    expect(imported?.recordings.map(({ id }) => id).sort()).toEqual(ids.toSorted())
    expect(
      engine
        .listRecordings()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['Tape 0', 'Tape 1'])
    expect(percents.at(-1)).toBe(100)
    expect(percents).toEqual(percents.toSorted((a, b) => a - b))
    expect(contentOf(root)).toEqual(before)
    const report = await engine.verify({ deep: true, ...still })
    expect(report).toMatchObject({ recordings: 2, findings: [] })
    for (const id of ids) {
      expect((await engine.getRecording(id)).segments).toBe(6)
    }
  })

  it('are copied one by one from their folders, under another id where theirs is taken', async () => {
    const { root, ids } = await library(1)
    const folder = path.join(root, 'recordings', ids[0] ?? '')
    const renamed = path.join(tempDirForTest(), 'a backup')
    cpSync(folder, renamed, { recursive: true })
    const engine = await openTestEngine()
    expect((await copyFrom(engine, renamed))?.recordings.map(({ id }) => id)).toEqual(ids)
    const again = await copyFrom(engine, folder)
    expect(again?.recordings[0]?.id).not.toBe(ids[0])
    expect(engine.listRecordings()).toHaveLength(2)
  })

  it('that cannot be read are named, and the others come', async () => {
    const { root, ids } = await library(3)
    const [broken = '', newer = ''] = ids
    writeFileSync(path.join(root, 'recordings', broken, 'recording.json'), '{"__proto__":{"a":1}}')
    writeFileSync(path.join(root, 'recordings', newer, 'recording.json'), '{"version":99}')
    const engine = await openTestEngine()
    const imported = await copyFrom(engine, root)
    expect(imported?.recordings).toHaveLength(1)
    expect(imported?.notTaken).toHaveLength(2)
    expect(imported?.notTaken.find((one) => one.startsWith(`${broken}: `))).toContain(
      'no description',
    )
    expect(imported?.notTaken.find((one) => one.startsWith(`${newer}: `))).toContain(
      'A newer version',
    )
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false)
  })

  it('are refused while they are recorded there: what has ended can be had', async () => {
    const { root, ids } = await library(2)
    const file = path.join(root, 'recordings', ids[0] ?? '', 'recording.json')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"state": "stopped"', '"state": "recording"'),
    )
    const owner = await openTestEngine(root)
    const engine = await openTestEngine()
    const imported = await copyFrom(engine, root)
    expect(imported?.recordings.map(({ id }) => id)).toEqual([ids[1]])
    expect(imported?.notTaken).toEqual([expect.stringContaining('“Tape 0” is being recorded.')])
    await owner.close()
    // What was cut off there does not go on here.
    const folder = path.join(root, 'recordings', ids[0] ?? '')
    expect((await copyFrom(engine, folder))?.recordings).toMatchObject([{ state: 'stopped' }])
  })

  it('S37 are not read through links that lead out of their folder', async () => {
    const { root, ids } = await library(1)
    const secret = tempDirForTest()
    const folder = path.join(tempDirForTest(), 'copy')
    cpSync(path.join(root, 'recordings', ids[0] ?? ''), folder, { recursive: true })
    cpSync(path.join(folder, 'v0'), path.join(secret, 'v0'), { recursive: true })
    const linked = path.join(tempDirForTest(), 'linked')
    mkdirSync(linked)
    cpSync(path.join(folder, 'recording.json'), path.join(linked, 'recording.json'))
    symlinkSync(path.join(secret, 'v0'), path.join(linked, 'v0'))
    const engine = await openTestEngine()
    await expect(copyFrom(engine, linked)).rejects.toMatchObject({
      code: 'bad_request',
      message: expect.stringContaining('is a link'),
    })
    expect(engine.listRecordings()).toEqual([])
  })

  it('are not those of the library itself, and a folder without any is none', async () => {
    const { root, ids } = await library(1)
    const engine = await openTestEngine(root)
    await expect(copyFrom(engine, root)).rejects.toMatchObject({ code: 'bad_request' })
    const folder = path.join(root, 'recordings', ids[0] ?? '')
    await expect(copyFrom(engine, folder)).rejects.toMatchObject({ code: 'bad_request' })
    expect(await copyFrom(engine, tempDirForTest())).toBeUndefined()
  })

  it('are refused before the first byte where there is no room for them', async () => {
    const { root } = await library(1)
    const target = await openLibrary({
      root: tempDirForTest(),
      mode: 'write',
      clock: systemClock,
      logger: silentLogger,
    })
    onTestFinished(() => target.close())
    const parts = { clock: systemClock, logger: silentLogger }
    const full = { ...target, space: () => Promise.resolve({ freeBytes: 1000, totalBytes: 2000 }) }
    await expect(
      importLibrary({ ...parts, library: full }, { path: root, ...still }),
    ).rejects.toMatchObject({ code: 'disk_full' })
    expect(target.list()).toEqual([])
  })

  it('that are cancelled leave nothing half', async () => {
    const { root } = await library(1)
    const engine = await openTestEngine()
    const stopping = new AbortController()
    const importing = engine.importLibrary({
      path: root,
      signal: stopping.signal,
      onProgress: (percent) => {
        if (percent > 0) stopping.abort(new Error('enough'))
      },
    })
    await expect(importing).rejects.toMatchObject({ code: 'cancelled' })
    expect(engine.listRecordings()).toEqual([])
    expect(readdirSync(path.join(engine.libraryDir, 'trash'))).toEqual([])
  })
})
