import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import { sampleGap, sampleMeta, sampleSegment, sampleTrack } from '../support/fault-store-samples'
import { tempDirForTest } from '../support/temp-dir'

const open = (root: string, mode: 'write' | 'read' = 'write') =>
  openLibrary({ root, mode, clock: systemClock, logger: silentLogger })

describe('the store on a real disk', () => {
  it('records, closes, reads back, deletes; makes folders that are missing', async () => {
    const root = path.join(tempDirForTest(), 'not', 'there', 'yet')
    const library = await open(root)
    const recording = await library.create(sampleMeta)
    const track = await recording.addTrack(sampleTrack)
    const data = Buffer.alloc(1_300_000, 7)
    const temp = await track.createTemp()
    for (let from = 0; from < data.length; from += 65_536) {
      await temp.write(data.subarray(from, from + 65_536))
    }
    const row = await track.commitSegment(temp, sampleSegment(0))
    await track.appendGap(sampleGap(1))
    expect(readFileSync(track.pathOf(row)).equals(data)).toBe(true)
    const { freeBytes = 0, totalBytes = 0 } = (await library.space()) ?? {}
    expect(freeBytes).toBeGreaterThan(0)
    expect(totalBytes).toBeGreaterThan(freeBytes)
    await library.close()
    await library.close()

    const again = await open(root)
    const found = again.get(recording.id)
    expect(found?.figures).toMatchObject({ segments: 1, gaps: 1, bytes: data.length })
    expect((await found?.tracks())?.[0]?.index.rowAt(0)).toEqual(row)
    await again.delete(recording.id)
    expect(() => statSync(path.join(root, 'recordings', recording.id))).toThrow('ENOENT')
    await again.close()
    expect((await open(root, 'read')).list()).toEqual([])
  })

  it('S34 resume.json can be read by its owner only', async () => {
    const root = tempDirForTest()
    const library = await open(root)
    const recording = await library.create(sampleMeta)
    await recording.writeResumeInfo({ inputUrl: 'https://example.com/?token=1', quality: 'best' })
    const file = path.join(root, 'recordings', recording.id, 'resume.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await library.close()
  })

  it('S34 the key of a track can be read by its owner only; reopened, deleted with the recording', async () => {
    const root = tempDirForTest()
    const library = await open(root)
    const recording = await library.create(sampleMeta)
    const track = await recording.addTrack(sampleTrack)
    const secret = Buffer.alloc(16, 7)
    const iv = '8899aabbccddeeff0011223344556677'
    const row = await track.commitKey(secret, { epoch: 0, startMs: 1000, iv })
    expect(readFileSync(track.pathOf(row)).equals(secret)).toBe(true)
    expect(statSync(track.pathOf(row)).mode & 0o777).toBe(0o600)
    await library.close()
    const again = await open(root)
    expect((await again.get(recording.id)?.tracks())?.[0]?.index.rowAt(0)).toEqual(row)
    await again.delete(recording.id)
    expect(() => statSync(path.join(root, 'recordings', recording.id))).toThrow('ENOENT')
    expect(readdirSync(path.join(root, 'trash'))).toEqual([])
    await again.close()
  })

  it('F42 a library that is open is refused to a second one of this machine', async () => {
    const root = tempDirForTest()
    const library = await open(root)
    await expect(open(root)).rejects.toMatchObject({ code: 'library_locked' })
    await (await open(root, 'read')).close()
    await library.close()
    await (await open(root)).close()
  })

  it('S06 neither writes nor reads through links inside the library', async () => {
    const root = tempDirForTest()
    const elsewhere = tempDirForTest()
    const library = await open(root)
    const recording = await library.create(sampleMeta)
    const track = await recording.addTrack(sampleTrack)
    const day = path.join(root, 'recordings', recording.id, 'v0', '2026-02-28')
    symlinkSync(elsewhere, day)
    const temp = await track.createTemp()
    await temp.write(Buffer.from('x'))
    await expect(track.commitSegment(temp, sampleSegment(0))).rejects.toMatchObject({
      code: 'library_unwritable',
    })
    await library.close()
    writeFileSync(path.join(elsewhere, 'recording.json'), '{}')
    symlinkSync(elsewhere, path.join(root, 'recordings', 'linklinklink'))
    const again = await open(root)
    expect(again.list().map(({ id }) => id)).toEqual([recording.id])
    await again.close()
  })

  it('F33 a library that is taken away is neither written to nor given up, and goes on when it is back', async () => {
    const root = path.join(tempDirForTest(), 'library')
    const library = await open(root)
    const recording = await library.create(sampleMeta)
    const track = await recording.addTrack(sampleTrack)
    renameSync(root, `${root}.away`)
    mkdirSync(root)
    await library.announce('http://127.0.0.1:8080/')
    await expect(track.createTemp()).rejects.toMatchObject({ code: 'library_unwritable' })
    await expect(library.create(sampleMeta)).rejects.toMatchObject({ code: 'library_unwritable' })
    expect(readdirSync(root)).toEqual([])
    rmdirSync(root)
    renameSync(`${root}.away`, root)
    const temp = await track.createTemp()
    await temp.write(Buffer.from('x'))
    await track.commitSegment(temp, sampleSegment(0))
    await library.create(sampleMeta)
    await library.close()
    const again = await open(root)
    expect(again.list()).toHaveLength(2)
    expect(again.get(recording.id)?.figures.segments).toBe(1)
    await again.close()
  })

  it('a file where the library should be is a sentence', async () => {
    const root = path.join(tempDirForTest(), 'library')
    writeFileSync(root, 'not a folder')
    await expect(open(root)).rejects.toMatchObject({ code: 'library_unwritable' })
    mkdirSync(`${root}2`)
    await (await open(`${root}2`)).close()
  })
})
