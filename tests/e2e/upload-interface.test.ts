import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useInterface } from '../support/interface'
import { makeMedia } from '../support/media'
import { startObjectStore } from '../support/object-store'
import { TEST_KEYS } from '../support/object-store-signature'
import { tempDirForTest } from '../support/temp-dir'
import { runVsr } from '../support/vsr-process'
import { waitUntil } from '../support/wait-until'

const openInterface = useInterface()

it('F52 an export is uploaded from the drawer: what fails is said and tried again, and the file leaves only then', async () => {
  const store = await startObjectStore()
  const library = tempDirForTest()
  const { dir } = await makeMedia({ kind: 'ts' })
  expect(await runVsr(['import', dir, '--library', library])).toMatchObject({ code: 0 })
  const { page, errors, screenshot } = await openInterface({
    library,
    env: {
      AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    },
  })

  await page.getByTestId('settings-toggle').click()
  const type = async (label: string, text: string) => {
    await page.getByLabel(label).fill(text)
    await page.getByLabel(label).press('Enter')
  }
  await type('Upload exports to', 's3://recordings/clips')
  await type('Object store', store.url)
  const removes = page.getByLabel('Remove an export from this disk')
  await removes.click()
  await waitUntil({ what: 'the setting to be kept', check: () => removes.isChecked() })
  await screenshot('upload-settings')

  await page.getByTestId('preset-whole').click()
  await page.getByTestId('upload').waitFor()
  const file = (await page.getByTestId('export-file').textContent()) ?? ''
  store.behave.failNext = { times: 1, status: 403, code: 'AccessDenied' }
  await page.getByTestId('upload').click()
  const state = page.getByTestId('upload-state')
  const waitFor = (wanted: string) =>
    waitUntil({
      what: `the upload to be ${wanted}`,
      check: async () => (await state.getAttribute('data-state')) === wanted,
    })
  await waitFor('failed')
  expect(await state.textContent()).toContain('refuses these keys')
  expect(existsSync(file)).toBe(true)
  await screenshot('upload-failed')

  await state.getByRole('button', { name: 'Try again' }).click()
  await waitFor('done')
  expect(await state.textContent()).toContain('s3://recordings/clips/')
  expect(existsSync(file)).toBe(false)
  expect(store.objects.size).toBe(1)
  expect(await page.getByTestId('export-missing').count()).toBe(0)
  await screenshot('upload-done')

  // It is still known where it is when everything is read anew.
  await page.reload()
  await page.getByTestId('exports-toggle').click()
  await waitFor('done')
  expect(errors).toEqual([])
})
