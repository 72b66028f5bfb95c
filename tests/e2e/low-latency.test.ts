import { expect, it, onTestFinished } from 'vitest'
import { useInterface } from '../support/interface'
import { makePartedMedia, PARTS_PER_SEGMENT } from '../support/ll-media'
import { startLowLatencyOrigin } from '../support/ll-origin'
import { feedParts } from '../support/ll-recording'
import { waitUntil } from '../support/wait-until'

const openInterface = useInterface()

it('shows what is at hand of a segment that is not whole yet', async () => {
  const media = await makePartedMedia({ kind: 'fmp4', durationSec: 24 })
  const origin = await startLowLatencyOrigin({ media })
  onTestFinished(() => origin.stop())
  origin.addSegments(12)
  const { page, errors, screenshot } = await openInterface()
  await page.getByTestId('url-input').fill(origin.url)
  await page.getByTestId('record-button').click()
  const row = page.getByTestId('recording-row')
  const bufferedEndSec = () =>
    page
      .getByTestId('video')
      .evaluate(({ buffered }: HTMLVideoElement) =>
        buffered.length === 0 ? 0 : buffered.end(buffered.length - 1),
      )
  await waitUntil({
    what: 'the first picture',
    check: async () => (await row.count()) > 0 && (await bufferedEndSec()) > 2,
  })
  // At the pace of the source: hls.js takes parts only while it keeps up with them.
  const partMs = 1000 / PARTS_PER_SEGMENT
  await waitUntil({
    what: 'parts of a segment that is not whole yet in the picture',
    everyMs: partMs,
    check: async () => {
      const afterWholeSec = (await bufferedEndSec()) % 1
      if (afterWholeSec > 0.15 && afterWholeSec < 0.85) return true
      await feedParts(origin, 1)
      return false
    },
  })
  await screenshot('low-latency')
  expect(errors).toEqual([])
})
