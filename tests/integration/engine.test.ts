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
