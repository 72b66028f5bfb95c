import { expect, it, onTestFinished } from 'vitest'
import { readMedia } from '../support/media'
import { openTestEngine } from '../support/test-engine'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

async function setUp() {
  const engine = await openTestEngine()
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ name: 'evening-news', media })
  const summary = (id: string) => engine.listRecordings().find((recording) => recording.id === id)
  return { engine, origin, stream, summary, url: origin.urlOf(stream) }
}

it('begins by itself when a source that was offline goes live, and takes its title', async () => {
  const { engine, origin, stream, summary, url } = await setUp()
  const goLive = origin.addFault({ kind: 'playlist', fault: { kind: 'status', status: 404 } })
  const { id, title } = await engine.startRecording({ url, waitForLive: true })
  expect(title).toContain('127.0.0.1')
  expect(title).not.toContain('http')
  await waitUntil({
    what: 'the recording to say that it waits',
    check: () => summary(id)?.reason?.cause?.code === 'not_live',
  })
  expect(summary(id)).toMatchObject({ state: 'resolving', segments: 0 })

  stream.advance(2)
  goLive()
  await waitUntil({
    what: 'the first segments',
    deadlineMs: 20_000,
    check: () => (summary(id)?.segments ?? 0) >= 2,
  })
  expect(summary(id)).toMatchObject({ state: 'recording', gaps: 0 })
  expect(summary(id)?.title).toContain('evening-news')
})

it('F23 keeps waiting after the end of a stream and goes on in the same recording', async () => {
  const { engine, stream, summary, url } = await setUp()
  stream.advance(2)
  const { id } = await engine.startRecording({ url })
  await waitUntil({ what: 'two segments', check: () => summary(id)?.segments === 2 })
  await engine.updateRecording({ id, keepWaiting: true })
  stream.end()
  await waitUntil({
    what: 'the recording to wait',
    check: () => summary(id)?.reason?.cause?.code === 'not_live',
  })
  expect(summary(id)).toMatchObject({ state: 'resolving', keepWaiting: true, live: false })
  stream.reset(0)
  stream.advance(3)
  await waitUntil({
    what: 'the new start to be recorded',
    deadlineMs: 20_000,
    check: () => summary(id)?.segments === 5,
  })
  const detail = await engine.getRecording(id)
  expect(detail).toMatchObject({ state: 'recording', gaps: 0, live: true })
  expect(detail.epochs.map(({ epoch }) => epoch)).toEqual([0, 1])
})

it('refuses an address that is none, whether it is to wait or not', async () => {
  const { engine } = await setUp()
  const started = engine.startRecording({ url: 'ftp://x/y', waitForLive: true })
  await expect(started).rejects.toMatchObject({ name: 'VsrError' })
  expect(engine.listRecordings()).toEqual([])
})
