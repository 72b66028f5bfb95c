import { expect, it, onTestFinished } from 'vitest'
import {
  recordFrom,
  timelineMs,
  timelinePoint,
  useInterface,
  waitForMotion,
} from '../support/interface'
import { readMedia } from '../support/media'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

const openInterface = useInterface()

it('shows what came late to a player that was open before, at the same place, when asked', async () => {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts', durationSec: 48 })
  const zeroMs = Date.UTC(2026, 10, 24, 12)
  const stream = origin.addStream({ media, windowSize: 60, programDateTimeMs: zeroMs })
  const heal = origin.addFault({
    path: /\/0-4\.ts$/,
    fault: { kind: 'status', status: 404 },
  })
  const { page, screenshot } = await openInterface()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  stream.advance(3)
  await recordFrom(page, origin.urlOf(stream))
  const running = setInterval(() => stream.advance(1), 1000)
  onTestFinished(() => clearInterval(running))
  await waitForMotion(page)
  const seekTo = async (sec: number) => {
    const { x, y } = await timelinePoint(page, 'timeline-lane', sec)
    await page.mouse.click(x, y)
  }
  const placeSec = async () => ((await timelineMs(page, 'playhead')) - zeroMs) / 1000
  await waitUntil({
    what: 'the picture behind the gap',
    deadlineMs: 40_000,
    check: async () => (await placeSec()) > 10,
  })
  await page.getByTestId('play-button').click()
  await seekTo(8.5)
  const beforeSec = await waitUntil({
    what: 'a place behind the gap',
    check: async () => {
      const sec = await placeSec()
      return sec > 7 && sec < 10 && sec
    },
  })
  expect(await page.getByTestId('late-button').count()).toBe(0)

  heal()
  await page.getByTestId('late-button').waitFor({ timeout: 40_000 })
  await screenshot('late-footage')
  await page.getByTestId('late-button').click()
  await page.getByTestId('late-button').waitFor({ state: 'detached' })
  await waitUntil({
    what: 'the same place in the new playlist',
    check: async () =>
      asked.some((url) => /[?&]late=1\b/.test(url)) &&
      Math.abs((await placeSec()) - beforeSec) < 0.1 &&
      (await page.getByTestId('video').evaluate((video: HTMLVideoElement) => video.readyState)) >=
        2,
  })
  await seekTo(4.5)
  await waitUntil({
    what: 'the picture inside of what was a gap',
    check: async () => {
      const sec = await placeSec()
      return sec > 4.2 && sec < 4.8
    },
  })
})
