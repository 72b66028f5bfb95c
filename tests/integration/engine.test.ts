import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { createEngine } from '../../src-main/engine'
import { silentLogger } from '../../src-main/ports/logger'
import { testWorkerFile } from '../support/build-worker'
import { readMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

const open = (libraryDir: string) =>
  createEngine({
    libraryDir,
    mode: 'write',
    parserWorkerFile: testWorkerFile,
    logger: silentLogger,
    env: process.env,
    version: '0.0.0',
  })

it('leaves nothing behind that would go on at the next start when it closes while a recording begins', async () => {
  const library = tempDirForTest()
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  origin.addFault({ kind: 'playlist', fault: { kind: 'hang', afterBytes: 0 } })
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ media })

  const engine = await open(library)
  const started = engine.startRecording({ url: origin.urlOf(stream) })
  const failure = expect(started).rejects.toMatchObject({ code: 'cancelled' })
  await waitUntil({ what: 'the source to be asked', check: () => origin.requests.length > 0 })
  await engine.close()
  await failure

  const next = await open(library)
  onTestFinished(() => next.close())
  expect(next.listRecordings()).toEqual([])
  expect(await next.resume()).toEqual([])
})

it('records an address twice only where that is wanted', async () => {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ media })
  stream.advance(3)
  const engine = await open(tempDirForTest())
  onTestFinished(() => engine.close())
  const url = origin.urlOf(stream)
  const first = await engine.startRecording({ url, unlessRecording: true })
  await expect(engine.startRecording({ url, unlessRecording: true })).rejects.toMatchObject({
    code: 'already_recording',
    message: `“${first.title}” records this address already.`,
  })
  const second = await engine.startRecording({ url })
  expect(engine.listRecordings()).toHaveLength(2)
  await engine.stopRecording(first.id)
  await engine.stopRecording(second.id)
  await engine.startRecording({ url, unlessRecording: true })
})

it('lists finished exports after a restart, and says which files are gone', async () => {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ media })
  stream.advance(3)
  const library = tempDirForTest()
  const engine = await open(library)
  const { id } = await engine.startRecording({ url: origin.urlOf(stream) })
  await waitUntil({
    what: 'three segments',
    check: () => engine.listRecordings()[0]?.segments === 3,
  })
  const { startMs, endMs = 0 } = await engine.stopRecording(id)
  const files: string[] = []
  for (let count = 1; count <= 2; count += 1) {
    const range = { recordingId: id, fromMs: startMs, toMs: endMs }
    const { jobId } = await engine.createExport(range)
    await waitUntil({ what: 'the export', check: () => engine.getExport(jobId).state === 'done' })
    files.push(engine.getExport(jobId).result?.file ?? '')
  }
  await engine.close()
  rmSync(files[0] ?? '')

  const next = await open(library)
  onTestFinished(() => next.close())
  const listed = (await next.listExports()).map(({ result, fileMissing, state }) => ({
    file: result?.file,
    fileMissing,
    state,
  }))
  expect(listed).toEqual([
    { file: files[1], fileMissing: undefined, state: 'done' },
    { file: files[0], fileMissing: true, state: 'done' },
  ])
})
