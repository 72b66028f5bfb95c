// RESTART: `vsr serve` is killed while it records and started again: how long until the next segment is acknowledged.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { startTestOrigin } from '../support/test-origin'
import { waitUntil } from '../support/wait-until'
import { benchOptions } from './support/bench-options'
import { median } from './support/measure'
import { corpusDir, report } from './support/report'
import { nullPackets } from './support/soak-source'
import { startVsrServer, type VsrServer } from './support/vsr-server'

const SEGMENT_SEC = 2
const WINDOW = 10
const rounds = benchOptions().number('restarts', { full: 20, quick: 3 })
const work = path.join(corpusDir, 'reliability-restart.work')
rmSync(work, { recursive: true, force: true })

const origin = await startTestOrigin()
const stream = origin.addStream({
  media: [{ durationSec: SEGMENT_SEC, body: nullPackets(2000) }],
  windowSize: WINDOW,
  programDateTimeMs: Date.now(),
})
stream.advance(3)
const timer = setInterval(() => stream.advance(), SEGMENT_SEC * 1000)

const figures = async (server: VsrServer) => {
  const [recording] = await server.call('recordings.list', {})
  return { segments: recording?.segments ?? 0, gaps: recording?.gaps ?? 0 }
}
const untilSegments = (server: VsrServer, count: number) =>
  waitUntil({
    what: `${count} segments`,
    deadlineMs: 60_000,
    check: async () => (await figures(server)).segments >= count,
  })

const restartsSec: number[] = []
let server = await startVsrServer({ work })
try {
  await server.call('recordings.start', { url: origin.urlOf(stream) })
  await untilSegments(server, 3)
  for (let round = 0; round < rounds; round += 1) {
    const before = await figures(server)
    await server.kill()
    const startMs = performance.now()
    server = await startVsrServer({ work })
    await untilSegments(server, before.segments + 1)
    restartsSec.push((performance.now() - startMs) / 1000)
  }
  const last = await figures(server)
  report({
    row: 'RESTART',
    title: 'recording again after a kill',
    method: `\`kill -9\` of \`vsr serve\` while it records a live source of ${SEGMENT_SEC} s segments on this machine; from starting it again until a segment that was not there before is acknowledged. The wait for the source to make one is in it.`,
    measurements: [
      { work: 'kills', unit: '', vsr: rounds },
      {
        work: 'recording again, the slowest',
        unit: 's',
        vsr: Math.max(...restartsSec),
        bar: { text: '< 5 s', limit: 5 },
      },
      { work: 'recording again, the median', unit: 's', vsr: median(restartsSec) },
      {
        work: `gaps in ${last.segments} segments`,
        unit: '',
        vsr: last.gaps,
        bar: { text: '0', limit: 0 },
      },
    ],
  })
} finally {
  clearInterval(timer)
  await server.stop()
  await origin.stop()
  rmSync(work, { recursive: true, force: true })
}
