import { expect, it } from 'vitest'
import { useInterface } from '../support/interface'
import { waitUntil } from '../support/wait-until'

const openInterface = useInterface()

it('F31 says what the disk is like, and that recording pauses, without moving anything', async () => {
  const { page, errors, screenshot } = await openInterface()
  const line = page.getByTestId('storage-line')
  const isState = (state: string) =>
    waitUntil({
      what: `the disk to be ${state}`,
      deadlineMs: 20_000,
      check: async () => (await line.getAttribute('data-state')) === state,
    })
  await page.getByTestId('settings-toggle').click()
  const headroom = page.getByLabel('Free space to keep, GB')
  await headroom.fill('0')
  await headroom.press('Enter')
  await isState('ok')
  const before = await line.boundingBox()
  await headroom.fill('999999')
  await headroom.press('Enter')
  await isState('full')
  expect(await line.textContent()).toContain('recording pauses')
  expect(await line.boundingBox()).toEqual(before)
  await page.getByTestId('when-short').scrollIntoViewIfNeeded()
  for (const theme of ['light', 'dark']) {
    await page.getByTestId('theme-select').selectOption(theme)
    await page.getByTestId('when-short').scrollIntoViewIfNeeded()
    await screenshot(`keeping-${theme}`)
  }
  expect(errors).toEqual([])
})
