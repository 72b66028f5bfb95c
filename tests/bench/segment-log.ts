// P3: opening and appending to a segment log of 1e3 to 1e6 rows, on this disk. Prints one JSON line per size; heap figures need --expose-gc.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { silentLogger } from '../../src-main/ports/logger'
import { nodeFilePort } from '../../src-main/store/file-port'
import { openSegmentLog } from '../../src-main/store/segment-log'
import { encodeRow } from '../../src-main/store/segment-row'
import { segmentRow } from '../support/fault-store-samples'

const APPENDS = 300
const SEARCHES = 100_000

const folder = mkdtempSync(path.join(tmpdir(), 'vsr-bench-'))
try {
  for (const rows of [1e3, 1e4, 1e5, 1e6]) {
    const file = path.join(folder, 'segments.ndjson')
    const parts: Buffer[] = []
    for (let from = 0; from < rows; from += 1000) {
      let text = ''
      for (let at = from; at < from + 1000; at += 1) text += encodeRow(segmentRow(at))
      parts.push(Buffer.from(text))
    }
    writeFileSync(file, Buffer.concat(parts))
    parts.length = 0

    globalThis.gc?.()
    const memoryBefore = process.memoryUsage().arrayBuffers
    const cpuBefore = process.cpuUsage()
    const openStart = performance.now()
    const log = await openSegmentLog({
      files: nodeFilePort,
      path: file,
      mode: 'write',
      logger: silentLogger,
    })
    const openMs = performance.now() - openStart
    const cpu = process.cpuUsage(cpuBefore)
    globalThis.gc?.()
    const memory = process.memoryUsage().arrayBuffers - memoryBefore

    const appendStart = performance.now()
    for (let at = 0; at < APPENDS; at += 1) await log.append(segmentRow(rows + at))
    const appendUs = ((performance.now() - appendStart) / APPENDS) * 1000

    const groupStart = performance.now()
    await Promise.all(
      Array.from({ length: APPENDS }, (_, at) => log.append(segmentRow(rows + APPENDS + at))),
    )
    const groupUs = ((performance.now() - groupStart) / APPENDS) * 1000

    const last = log.index.startMsAt(log.index.length - 1)
    const first = log.index.startMsAt(0)
    const searchStart = performance.now()
    for (let at = 0; at < SEARCHES; at += 1) {
      log.index.firstEndingAfter(first + ((last - first) * at) / SEARCHES)
    }
    const searchUs = ((performance.now() - searchStart) / SEARCHES) * 1000
    await log.close()
    const figures = {
      rows,
      openMs,
      openCpuMs: (cpu.user + cpu.system) / 1000,
      appendUs,
      groupUs,
      searchUs,
      heapBytesPerRow: memory / rows,
      diskBytesPerRow: statSync(file).size / (rows + 2 * APPENDS),
    }
    console.log(
      JSON.stringify(figures, (_key, value: unknown) =>
        typeof value === 'number' ? Math.round(value * 100) / 100 : value,
      ),
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
