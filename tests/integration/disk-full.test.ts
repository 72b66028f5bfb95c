import { readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readMedia } from '../support/media'
import { smallDiskForTest } from '../support/small-disk'
import { openTestEngine } from '../support/test-engine'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

const DEADLINE_MS = 30_000

/** Fills a disk so that only so much stays free. Returns the function that gives it back. */
function fill(dir: string, freeBytes: number): () => void {
  const { bavail, bsize } = statfsSync(dir)
  const file = path.join(dir, 'somebody-elses-file')
  writeFileSync(file, Buffer.alloc(bavail * bsize - freeBytes))
  return () => rmSync(file)
}

/** An engine whose library has a disk of 20 MB: 400 kB are to stay free, and it pauses below 200 kB. */
async function setUp(dir: string) {
  const engine = await openTestEngine(path.join(dir, 'library'))
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ name: 'live', media })
  const summary = (id: string) => engine.listRecordings().find((one) => one.id === id)
  const segments = (id: string) => summary(id)?.segments ?? 0
  const record = async (count: number) => {
    stream.advance(count)
    const { id } = await engine.startRecording({ url: origin.urlOf(stream) })
    await waitUntil({
      what: 'segments',
      deadlineMs: DEADLINE_MS,
      check: () => segments(id) >= count,
    })
    return id
  }
  return { engine, stream, summary, segments, record }
}

describe('a small disk', () => {
  it('F31 pauses with its cause, and goes on by itself when there is space, with nothing lost', async ({
    skip,
  }) => {
    const dir = smallDiskForTest(20) ?? skip('this machine mounts no disk for tests')
    const { engine, stream, summary, segments, record } = await setUp(dir)
    const id = await record(2)
    const giveBack = fill(dir, 100_000)
    await engine.setSettings({ theme: 'dark' })
    stream.advance(2)
    await waitUntil({
      what: 'the recording to say that the disk is full',
      deadlineMs: DEADLINE_MS,
      check: () => summary(id)?.reason?.cause?.code === 'disk_full',
    })
    expect(segments(id)).toBe(2)
    expect((await engine.health()).reasons.join()).toContain('nearly full')
    giveBack()
    await waitUntil({
      what: 'the recording to go on',
      deadlineMs: DEADLINE_MS,
      check: () => segments(id) === 4,
    })
    expect(summary(id)).toMatchObject({ gaps: 0, state: 'recording' })
    const empty = readdirSync(path.join(dir, 'library', 'recordings'), { recursive: true })
      .map((name) => statSync(path.join(dir, 'library', 'recordings', String(name))))
      .filter((stat) => stat.isFile() && stat.size === 0)
    expect(empty).toEqual([])
  })

  it('F31 lets the oldest recording go where that is allowed, and goes on', async ({ skip }) => {
    const dir = smallDiskForTest(20) ?? skip('this machine mounts no disk for tests')
    const { engine, stream, summary, segments, record } = await setUp(dir)
    const old = await record(3)
    await engine.stopRecording(old)
    const id = await record(1)
    fill(dir, 300_000)
    await engine.setSettings({ whenShort: 'delete-oldest' })
    await waitUntil({
      what: 'the old recording to be gone',
      deadlineMs: DEADLINE_MS,
      check: () => summary(old) === undefined,
    })
    expect(await engine.listTrash()).toEqual([])
    const before = segments(id)
    stream.advance(1)
    await waitUntil({
      what: 'the recording to go on',
      deadlineMs: DEADLINE_MS,
      check: () => segments(id) > before,
    })
    expect(summary(id)).toMatchObject({ gaps: 0 })
  })
})
