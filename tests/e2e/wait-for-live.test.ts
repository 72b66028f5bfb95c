import { expect, it, onTestFinished } from 'vitest'
import { useInterface } from '../support/interface'
import { readMedia } from '../support/media'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

const openInterface = useInterface()

it('waits for a stream that has not started, records it by itself, and keeps waiting after its end', async () => {
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ name: 'evening-news', media })
  const goLive = origin.addFault({ kind: 'playlist', fault: { kind: 'status', status: 404 } })
  const { page, screenshot, errors } = await openInterface()
  const row = page.getByTestId('recording-row')
  const untilRowSays = (words: string) =>
    waitUntil({
      what: `the row to say ${words}`,
      deadlineMs: 30_000,
      check: async () => (await row.textContent())?.includes(words) ?? false,
    })

  await page.getByTestId('url-input').fill(origin.urlOf(stream))
  await page.getByTestId('wait-button').waitFor()
  await screenshot('wait-offered')
  await page.getByTestId('wait-button').click()
  await untilRowSays('Waiting')
  expect(await page.getByTestId('url-input').inputValue()).toBe('')
  await page.getByText('The stream has not started yet.').first().waitFor()
  await screenshot('wait-for-live')

  stream.advance(3)
  goLive()
  await untilRowSays('Recording')
  await page.getByRole('button', { name: 'Activity' }).click()
  // It is ticked when the engine has said so: check() would look too soon.
  const keepWaiting = page.getByTestId('keep-waiting')
  await keepWaiting.click()
  await waitUntil({ what: 'the choice to be kept', check: () => keepWaiting.isChecked() })
  stream.end()
  await untilRowSays('Waiting')
  await page.getByText('The stream has ended.').first().waitFor()
  await screenshot('keep-waiting')

  stream.reset(0)
  stream.advance(2)
  await untilRowSays('Recording')
  // Chromium itself notes that the probe was answered with a failure.
  expect(errors.filter((text) => !text.includes('502'))).toEqual([])
})
