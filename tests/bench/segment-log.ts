// P3: opening, searching and appending to a segment log of 1e3 to 1e6 rows, on this disk.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentLogger } from '../../src-main/ports/logger'
import { nodeFilePort } from '../../src-main/store/node-file-port'
import { INDEX_FILE_NAME } from '../../src-main/store/index-file-format'
import { isIndexFileDue } from '../../src-main/store/index-keeper'
import { openSegmentLog } from '../../src-main/store/segment-log'
import { encodeRow } from '../../src-main/store/segment-row'
import { segmentRow } from '../support/fault-store-samples'
import { createLowdb } from './support/lowdb-peer'
import { interleaved, median, timed } from './support/measure'
import { corpusDir, type Measurement, report } from './support/report'
import { findSqlite } from './support/sqlite-peer'

const ROUNDS = 5
const APPENDS = 300
const SEARCHES = 100_000
const sizes = [1e3, 1e4, 1e5, 1e6]
/** lowdb takes seconds for one append to a million rows. */
const lowdbAppends = (rows: number): number => Math.max(3, Math.min(50, Math.round(1e5 / rows)))

const rowOf = (row: number) =>
  segmentRow(row, {
    durationSec: 4 + (row % 7) * 0.003337,
    bytes: 2_000_000 + ((row * 7919) % 100_000),
  })

const folder = path.join(corpusDir, 'segment-log.work')
mkdirSync(folder, { recursive: true })

const indexFile = path.join(folder, INDEX_FILE_NAME)

function writeLog(rows: number): string {
  const file = path.join(folder, `${rows}.ndjson`)
  rmSync(file, { force: true })
  rmSync(indexFile, { force: true })
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

/** Waits for the index file that a long log gets in the background. @returns milliseconds of CPU time, the reading of the log included; undefined for a short one. */
async function writeIndexFile(file: string): Promise<number | undefined> {
  if (!isIndexFileDue(statSync(file).size, 0)) return undefined
  return timed('cpu', async () => {
    const log = await open(file)
    while (!existsSync(indexFile)) await sleep(5)
    await log.close()
  })
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

/** What the machine's other ways to keep rows take for the same work. */
async function measurePeers(rows: number) {
  const json = createLowdb(path.join(folder, 'lowdb.json'), rows, rowOf)
  const lowdbOpenMs = median([await json.openMs(), await json.openMs(), await json.openMs()])
  const added = Array.from({ length: lowdbAppends(rows) }, (_, at) => rowOf(rows + at))
  const lowdb = { openMs: lowdbOpenMs, appendMs: median(await json.appendMs(added)) }
  json.remove()
  if (sqlite === undefined) return { lowdb, sqlite: undefined }
  const database = path.join(folder, 'rows.sqlite')
  const { bytes = Number.NaN } = sqlite.run('fill-log', [database, rows])
  const opened = Array.from({ length: ROUNDS }, () => sqlite.run('open-log', [database])['ms'])
  const bound = sqlite.run('bound', [database, 10_000])['ms']
  const appended = sqlite.run('append', [database, APPENDS])
  rmSync(database)
  return {
    lowdb,
    sqlite: {
      bytes,
      openMs: median(opened.map((ms) => ms ?? Number.NaN)),
      boundMs: bound ?? Number.NaN,
      aloneMs: appended['aloneMs'] ?? Number.NaN,
      groupedMs: appended['groupedMs'] ?? Number.NaN,
    },
  }
}

/** A line for each peer, the first one with what else is to be said. */
function againstPeers(
  measurement: Measurement,
  peers: readonly (Measurement['peer'] | undefined)[],
): Measurement[] {
  const { bar: _bar, ...plain } = measurement
  return peers
    .filter((peer) => peer !== undefined)
    .map((peer, at) => ({ ...(at === 0 ? measurement : plain), peer }))
}

const sqlite = findSqlite()
const measurements: Measurement[] = []
try {
  let smallestMs: number | undefined
  for (const rows of sizes) {
    const file = writeLog(rows)
    const bare: number[] = []
    for (let round = 0; round <= ROUNDS; round += 1) {
      rmSync(indexFile, { force: true })
      const tookMs = await timed('cpu', () => openAndClose(file))
      if (round > 0) bare.push(tookMs)
    }
    const writtenMs = await writeIndexFile(file)
    const figures = await interleaved({
      rounds: ROUNDS,
      clock: 'cpu',
      candidates: { vsr: () => openAndClose(file), plain: () => parsePlainly(file) },
    })
    const isLargest = rows === sizes.at(-1)
    const peers = await measurePeers(rows)
    const sqliteMs = (value: number | undefined, scale = 1) =>
      value === undefined ? undefined : { name: 'SQLite', value: value * scale }
    measurements.push(
      ...againstPeers(
        {
          work: `open ${rows} rows (CPU)`,
          unit: 'ms',
          vsr: figures.vsr,
          ...(isLargest ? { bar: { text: '<= 500 ms', limit: 500 } } : {}),
        },
        [
          { name: 'JSON.parse per line', value: figures.plain },
          { name: 'lowdb', value: peers.lowdb.openMs },
          sqliteMs(peers.sqlite?.openMs),
        ],
      ),
    )
    if (writtenMs !== undefined) {
      measurements.push({
        work: `open ${rows} rows without its index file (CPU)`,
        unit: 'ms',
        vsr: median(bare),
        peer: { name: 'JSON.parse per line', value: figures.plain },
      })
    }
    if (isLargest && writtenMs !== undefined) {
      measurements.push(
        {
          work: `write the index file of ${rows} rows, in the background (CPU)`,
          unit: 'ms',
          vsr: writtenMs - median(bare),
        },
        {
          work: `size of the index file per row at ${rows}`,
          unit: 'bytes',
          vsr: statSync(indexFile).size / rows,
        },
      )
    }
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
          ...(peers.sqlite === undefined
            ? {}
            : { peer: { name: 'SQLite', value: peers.sqlite.bytes / rows } }),
          bar: { text: '<= 120 bytes', limit: 120 },
        },
        {
          work: `range bound in ${rows} rows (CPU)`,
          unit: 'us',
          vsr: (await searchMs(file)) * 1000,
          ...(peers.sqlite === undefined
            ? {}
            : { peer: { name: 'SQLite', value: peers.sqlite.boundMs * 1000 } }),
          bar: { text: '<= 20 us', limit: 20 },
        },
      )
    }
    const { alone, grouped } = await appendMs(file, rows)
    measurements.push(
      ...againstPeers({ work: `append to ${rows} rows, synced`, unit: 'us', vsr: alone * 1000 }, [
        { name: 'lowdb, not synced', value: peers.lowdb.appendMs * 1000 },
        sqliteMs(peers.sqlite?.aloneMs, 1000),
      ]),
      {
        work: `append to ${rows} rows, ${APPENDS} at once`,
        unit: 'us',
        vsr: grouped * 1000,
        ...(peers.sqlite === undefined
          ? {}
          : { peer: { name: 'SQLite', value: peers.sqlite.groupedMs * 1000 } }),
      },
    )
    if (isLargest && smallestMs !== undefined) {
      measurements.push({
        work: `growth: append to ${rows} rows, synced`,
        unit: 'us',
        vsr: alone * 1000,
        peer: { name: `at ${sizes[0]} rows`, value: smallestMs * 1000 },
        bar: { text: '<= 1.2x', limit: smallestMs * 1200 },
      })
    }
    smallestMs ??= alone
    rmSync(file)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
report({
  row: 'P3',
  title: 'segment log',
  method:
    'Opening checks the checksum of every row, or of all of the log and of its index file. Appends wait for fsync: wall time. A peer splits the file and parses each line into an array, without checksums; lowdb keeps the rows in one JSON file, which it writes anew for each append; SQLite (WAL, synchronous=FULL, through Python without its start) is open when the last hour is read.',
  measurements,
})
