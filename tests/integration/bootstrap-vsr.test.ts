import { expect, it } from 'vitest'
import { tempDirForTest } from '../support/temp-dir'
import { runVsr, startVsr } from '../support/vsr-process'

it('the built command line answers with JSON and nothing else', async () => {
  const { code, stdout, stderr } = await runVsr(['list', '--json', '--library', tempDirForTest()])
  expect([code, JSON.parse(stdout), stderr]).toEqual([0, [], ''])
})

it('the built server says where it listens, answers, and ends on Ctrl-C', async () => {
  const library = tempDirForTest()
  const vsr = await startVsr(['serve', '--json', '--port', '0', '--library', library])
  try {
    const { url, token } = await vsr.waitFor('listening')
    expect((await fetch(`${String(url)}health`)).status).toBe(200)
    const page = await fetch(`${String(url)}?token=${String(token)}`)
    expect(page.headers.get('content-type')).toContain('text/html')
  } finally {
    expect(await vsr.stop()).toEqual({ code: 0, signal: null })
  }
})
