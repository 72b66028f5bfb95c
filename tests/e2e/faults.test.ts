import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { readMedia } from '../support/media'
import { tempDirForTest } from '../support/temp-dir'
import { startTestOrigin } from '../support/test-origin'
import { startVsr } from '../support/vsr-process'

/** Longer than any timer is late by: what takes a process this long was not its own doing. */
const STOPPED_MS = 14_000

it('F29 a process that is stopped and goes on notes why it missed what it missed, and records on', async () => {
  const { media } = await readMedia({ kind: 'ts' })
  const origin = await startTestOrigin()
  onTestFinished(() => origin.stop())
  const stream = origin.addStream({ media, windowSize: 3 })
  stream.advance(3)
  const args = ['record', origin.urlOf(stream), '--json', '--library', tempDirForTest()]
  const vsr = await startVsr(args)
  onTestFinished(async () => {
    process.kill(vsr.pid, 'SIGCONT')
    await vsr.stop()
  })
  await vsr.waitFor('progress', { match: ({ segments }) => segments === 3 })
  process.kill(vsr.pid, 'SIGSTOP')
  stream.advance(14)
  // The time that it is stopped for is what is being tested.
  await delay(STOPPED_MS)
  const before = origin.requests.length
  process.kill(vsr.pid, 'SIGCONT')
  const gap = await vsr.waitFor('gap')
  expect(gap).toMatchObject({ cause: 'suspended', firstMediaSequence: 3, count: 11 })
  await vsr.waitFor('progress', { match: ({ segments }) => segments === 6 })
  // Reloaded at once, and opened anew beside it.
  const reloads = origin.requests.slice(before).filter(({ kind }) => kind === 'playlist')
  expect(reloads.length).toBeGreaterThanOrEqual(2)
  stream.advance(1)
  await vsr.waitFor('progress', { match: ({ segments }) => segments === 7 })
})
