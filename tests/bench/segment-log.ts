// P3: opening, searching and appending to a segment log of 1e3 to 1e6 rows, on this disk.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { silentLogger } from '../../src-main/ports/logger'
import { nodeFilePort } from '../../src-main/store/node-file-port'
import { openSegmentLog } from '../../src-main/store/segment-log'
import { encodeRow } from '../../src-main/store/segment-row'
import { segmentRow } from '../support/fault-store-samples'
import { interleaved, median, timed } from './support/measure'
import { corpusDir, type Measurement, report } from './support/report'

const ROUNDS = 5
const APPENDS = 300
const SEARCHES = 100_000
const sizes = [1e3, 1e4, 1e5, 1e6]

const rowOf = (row: number) =>
  segmentRow(row, {
    durationSec: 4 + (row % 7) * 0.003337,
    bytes: 2_000_000 + ((row * 7919) % 100_000),
  })

const folder = path.join(corpusDir, 'segment-log.work')
mkdirSync(folder, { recursive: true })

function writeLog(rows: number): string {
  const file = path.join(folder, `${rows}.ndjson`)
  rmSync(file, { force: true })
  for (let from = 0; from < rows; from += 1000) {
    let text = ''
    for (let row = from; row < from + 1000; row += 1) text += encodeRow(rowOf(row))
    writeFileSync(file, text, { flag: 'a' })
  }
  return file
}

const open = (file: string) =>
  openSegmentLog({ files: nodeFilePort, path: file, mode: 'write', logger: silentLogger })

async function openAndClose(file: string): Promise<void> {
  const log = await open(file)
  await log.close()
}

/** The plain way: an object a row, and no checksum. */
function parsePlainly(file: string): number {
  const rows: unknown[] = []
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    if (line !== '') rows.push(JSON.parse(line))
  }
  return rows.length
}

/** Milliseconds of one append, the rest of it waiting for the disk left out, and of one among many. */
async function appendMs(file: string, rows: number): Promise<{ alone: number; grouped: number }> {
  const log = await open(file)
  const alone: number[] = []
  for (let at = 0; at < APPENDS; at += 1) {
    alone.push(await timed('wall', () => log.append([rowOf(rows + at)])))
  }
  const grouped = await timed('wall', () =>
    log.append(Array.from({ length: APPENDS }, (_, at) => rowOf(rows + APPENDS + at))),
  )
  await log.close()
  return { alone: median(alone), grouped: grouped / APPENDS }
}

async function searchMs(file: string): Promise<number> {
  const { index, close } = await open(file)
  const first = index.startMsAt(0)
  const last = index.startMsAt(index.length - 1)
  const tookMs = await timed('cpu', () => {
    for (let at = 0; at < SEARCHES; at += 1) {
      index.firstEndingAfter(first + ((last - first) * at) / SEARCHES)
    }
  })
  await close()
  return tookMs / SEARCHES
}

async function memoryBytes(file: string): Promise<number> {
  globalThis.gc?.()
  const before = process.memoryUsage()
  const log = await open(file)
  globalThis.gc?.()
  const after = process.memoryUsage()
  await log.close()
  return after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
}

const measurements: Measurement[] = []
try {
  let smallest: number | undefined
  for (const rows of sizes) {
    const file = writeLog(rows)
    const figures = await interleaved({
      rounds: ROUNDS,
      clock: 'cpu',
      candidates: { vsr: () => openAndClose(file), plain: () => parsePlainly(file) },
    })
    const isLargest = rows === sizes.at(-1)
    measurements.push({
      work: `open ${rows} rows (CPU)`,
      unit: 'ms',
      vsr: figures.vsr,
      peer: { name: 'JSON.parse per line', value: figures.plain },
      ...(isLargest ? { bar: { text: '<= 500 ms', limit: 500 } } : {}),
    })
    if (isLargest) {
      measurements.push(
        {
          work: `memory per row at ${rows}`,
          unit: 'bytes',
          vsr: (await memoryBytes(file)) / rows,
          bar: { text: '<= 64 bytes', limit: 64 },
        },
        {
          work: `disk per row at ${rows}`,
          unit: 'bytes',
          vsr: statSync(file).size / rows,
          bar: { text: '<= 120 bytes', limit: 120 },
        },
        {
          work: `range bound in ${rows} rows (CPU)`,
          unit: 'us',
          vsr: (await searchMs(file)) * 1000,
          bar: { text: '<= 20 us', limit: 20 },
        },
      )
    }
    const { alone, grouped } = await appendMs(file, rows)
    smallest ??= alone
    measurements.push(
      {
        work: `append to ${rows} rows, synced`,
        unit: 'us',
        vsr: alone * 1000,
        ...(isLargest
          ? {
              peer: { name: `at ${sizes[0]} rows`, value: smallest * 1000 },
              bar: { text: '<= 1.2x', limit: smallest * 1200 },
            }
          : {}),
      },
      { work: `append to ${rows} rows, ${APPENDS} at once`, unit: 'us', vsr: grouped * 1000 },
    )
    rmSync(file)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
report({
  row: 'P3',
  title: 'segment log',
  method:
    'Opening checks the checksum of every row. Appends wait for fsync: wall time. The peer splits the file and parses each line into an array, without checksums.',
  measurements,
})
