import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { HttpClient } from '../../../src-main/fetch/http'
import { silentLogger } from '../../../src-main/ports/logger'
import { createRecorder } from '../../../src-main/recorder/supervisor'
import { createFakeClock } from '../../support/fake-clock'
import { createFakeLibrary } from '../../support/fake-library'
import { playlistUrl, segmentBody, source } from '../../support/fake-recorder'
import { mediaPlaylist } from '../../support/playlists'

/** Everything that nobody holds is gone after it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('this runtime lets nobody collect garbage')
  collect()
}

/** A live source that keeps no books: each reload brings one new segment of 2 s. */
function forgetfulHttp(nowMs: () => number): HttpClient {
  const answer = (url: string) => ({ status: 200, url, contentType: '' })
  return {
    text: async ({ url }) => ({
      ...answer(url),
      text: JSON.stringify(mediaPlaylist({ first: Math.floor(nowMs() / 2000), count: 5 })),
    }),
    bytes: async ({ url }) => ({ ...answer(url), body: segmentBody }),
    stream: async (_request, sink) => {
      await sink.write(segmentBody)
      return await sink.end()
    },
    close() {},
  }
}

async function startRecording() {
  const clock = createFakeClock()
  const library = createFakeLibrary()
  const recorder = createRecorder({
    library,
    http: forgetfulHttp(() => clock.monotonicMs()),
    parser: { parse: async (text) => JSON.parse(text) as never, close: async () => {} },
    clock,
    random: () => 0.5,
    logger: silentLogger,
    parallelDownloads: () => 3,
  })
  onTestFinished(() => recorder.close())
  const recording = await library.create({
    title: 'Test',
    sourceUrl: playlistUrl,
    state: 'recording',
    live: true,
    keepWaiting: false,
  })
  recorder.start({ recording, quality: 'best', resolve: async () => source, source })
  const reload = (times: number) => clock.advance(times * 2000)
  return { recording, reload }
}

it('F50 holds nothing for a reload but the rows that it brought', { timeout: 60_000 }, async () => {
  const { recording, reload } = await startRecording()
  const heapAfter = async (reloads: number) => {
    await reload(reloads)
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  await heapAfter(500)
  const before = await heapAfter(500)
  const after = await heapAfter(2000)
  expect(recording.figures.segments).toBeGreaterThan(2990)
  // A row of the fake library weighs less than half of this; a kept listing of five segments far more.
  expect((after - before) / 2000).toBeLessThan(700)
})

it('F50 leaves nothing of a reload with the signals that live as long as the recording', async () => {
  const { recording, reload } = await startRecording()
  await reload(5)
  const { segments } = recording.figures
  const joined = vi.spyOn(AbortSignal, 'any')
  onTestFinished(() => joined.mockRestore())
  await reload(20)
  expect(recording.figures.segments).toBe(segments + 20)
  // AbortSignal.any leaves something with each of its signals: no harm where that lives no longer than what was made of it.
  const asked = joined.mock.calls.flatMap(([signals]) => [...signals])
  expect(asked.length - new Set(asked).size).toBe(0)
})
