import { existsSync, rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { launchBrowser } from '../support/browser'
import { startTestOrigin } from '../support/test-origin'

it('a real browser opens a page and its errors are kept', async () => {
  const origin = await startTestOrigin()
  const browser = await launchBrowser()
  try {
    origin.serve(
      '/page',
      '<!doctype html><title>here</title><link rel="icon" href="data:,"><script>console.error("one"); throw new Error("two")</script>',
      'text/html',
    )
    const { page, errors, screenshot } = await browser.newPage()
    await page.goto(`${origin.url}/page`)
    expect(await page.title()).toBe('here')
    expect(errors).toEqual(['one', 'two'])
    const file = await screenshot('support-browser')
    expect(existsSync(file)).toBe(true)
    rmSync(file)
  } finally {
    await browser.close()
    await origin.stop()
  }
})
