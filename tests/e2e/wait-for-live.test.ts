import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { launchBrowser, type TestBrowser } from '../support/browser'
import { readMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { startVsr } from '../support/vsr-process'
import { waitUntil } from '../support/wait-until'

let browser: TestBrowser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

it('waits for a stream that has not started, records it by itself, and keeps waiting after its end', async () => {
  const vsr = await startVsr(['serve', '--json', '--port', '0', '--library', tempDirForTest()])
  onTestFinished(async () => void (await vsr.stop()))
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const { media } = await readMedia({ kind: 'ts' })
  const stream = origin.addStream({ name: 'evening-news', media })
  const goLive = origin.addFault({ kind: 'playlist', fault: { kind: 'status', status: 404 } })
  const { url, token } = await vsr.waitFor('listening')
  const { page, screenshot, errors } = await browser.newPage()
  onTestFinished(() => page.context().close())
  await page.goto(`${url}?token=${token}`)
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
  await page.getByTestId('keep-waiting').check()
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
