import { expect, it, onTestFinished } from 'vitest'
import { rowState, useInterface } from '../support/interface'
import { readMedia } from '../support/media'
import { probeFile } from '../support/probe-file'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'

const openInterface = useInterface()

it('SAMPLE-AES in fMP4: said before recording and in the player, and exported all the same', async () => {
  const { media, initSection } = await readMedia({ kind: 'fmp4' })
  if (initSection === undefined) throw new Error('fMP4 media have an initialization section')
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const encryption = { method: 'SAMPLE-AES' } as const
  const stream = origin.addStream({ media, initSection, encryption, windowSize: 6 })
  stream.advance(6)
  stream.end()
  const { page, screenshot } = await openInterface()
  await page.getByTestId('url-input').fill(origin.urlOf(stream))
  await page.getByTestId('probe-summary').waitFor()
  expect(await page.getByTestId('probe-summary').textContent()).toContain('but not played here')
  await page.getByTestId('record-button').click()
  const message = page.getByLabel('Player', { exact: true }).getByTestId('error-message')
  await message.waitFor()
  expect(await message.getAttribute('data-code')).toBe('unsupported_encryption')
  expect(await message.textContent()).toContain('Export it to watch it.')
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  await screenshot('encrypted-fmp4')

  await waitUntil({
    what: 'the recording to be complete',
    check: async () => (await rowState(page)) === 'stopped',
    deadlineMs: 20_000,
  })
  await page.getByTestId('preset-whole').click()
  await page.getByTestId('export-file').waitFor()
  const file = await page.getByTestId('export-file').textContent()
  const { durationSec } = await probeFile(file ?? '')
  expect(durationSec).toBeCloseTo(6, 0)
})
