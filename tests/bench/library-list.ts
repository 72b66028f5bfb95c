// P11: opening and listing a library of 100 and of 2 000 recordings, against one JSON file (lowdb) and SQLite with the same rows.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { summaryOf } from '../../src-main/playback/recording-views'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import type { Library } from '../../src-main/store/model'
import { encodeRow } from '../../src-main/store/segment-row'
import { sampleMeta, sampleTrack, segmentRow } from '../support/fault-store-samples'
import { benchOptions } from './support/bench-options'
import { createLowdb } from './support/lowdb-peer'
import { median, timed } from './support/measure'
import { corpusDir, type Measurement, report } from './support/report'
import { findSqlite } from './support/sqlite-peer'
import { startVsrServer } from './support/vsr-server'

const OPEN_BAR_MS = 1000
const LIST_BAR_MS = 50
const LISTS = 25
/** Rows of recordings, in turn: a minute, ten minutes, an hour, four hours, four hours with sound. */
const LENGTHS = [15, 150, 900, 3600, 1800]

const options = benchOptions()
const rounds = options.number('rounds', { full: 5, quick: 2 })
const counts = options.numbers('recordings', { full: [100, 2000], quick: [100, 300] })
const lengthOf = (recording: number): number => LENGTHS[recording % LENGTHS.length] ?? 0

const open = (root: string, mode: 'write' | 'read'): Promise<Library> =>
  openLibrary({ root, mode, clock: systemClock, logger: silentLogger })
const summaries = (library: Library) =>
  library.list().map((recording) => summaryOf(recording, undefined))

/** A folder with a `library` of so many recordings: made once. */
async function makeLibrary(recordings: number): Promise<string> {
  const dir = path.join(corpusDir, `library-of-${recordings}`)
  if (existsSync(dir)) return dir
  const unfinished = `${dir}.unfinished`
  const root = path.join(unfinished, 'library')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(root, { recursive: true })
  const lines = Array.from({ length: Math.max(...LENGTHS) }, (_, at) => encodeRow(segmentRow(at)))
  const library = await open(root, 'write')
  for (let count = 0; count < recordings; count += 1) {
    const title = `Recording ${count}`
    const recording = await library.create({ ...sampleMeta, title, state: 'stopped' })
    await recording.addTrack(sampleTrack)
    const folder = path.join(root, 'recordings', recording.id, sampleTrack.id)
    writeFileSync(path.join(folder, 'segments.ndjson'), lines.slice(0, lengthOf(count)).join(''))
  }
  await library.close()
  rmSync(path.join(root, 'library.json'))
  const rebuilt = await open(root, 'write')
  await rebuilt.close()
  renameSync(unfinished, dir)
  return dir
}

interface Figures {
  readonly openMs: number
  readonly listMs: number
}

/** What the peer has left in memory is not to be collected while VSR is measured. */
const forget = (): void => globalThis.gc?.()

async function openAndList(root: string): Promise<Figures> {
  forget()
  const beganMs = performance.now()
  const library = await open(root, 'write')
  const openMs = performance.now() - beganMs
  const lists: number[] = []
  for (let at = 0; at < LISTS; at += 1) {
    lists.push(await timed('wall', () => JSON.stringify(summaries(library))))
  }
  await library.close()
  return { openMs, listMs: median(lists) }
}

/** What a person waits for: the answer of a running `vsr serve`. */
async function listMsOverApi(work: string): Promise<number> {
  const server = await startVsrServer({ work })
  forget()
  try {
    const took: number[] = []
    for (let at = 0; at < LISTS; at += 1) {
      took.push(await timed('wall', () => server.call('recordings.list', {})))
    }
    return median(took)
  } finally {
    await server.stop()
  }
}

const sqlite = findSqlite()
const measurements: Measurement[] = []
let smallest: Figures | undefined
for (const recordings of counts) {
  const isLargest = recordings === counts.at(-1)
  const what = `${recordings} recordings`
  const dir = await makeLibrary(recordings)
  const root = path.join(dir, 'library')
  const shown = await open(root, 'read').then(async (library) => {
    const list = summaries(library)
    await library.close()
    return list
  })
  const rows = shown.reduce((sum, { segments }) => sum + segments, 0)
  const json = createLowdb(path.join(corpusDir, 'library.lowdb.json'), recordings, (at) => ({
    ...shown[at],
    // As arrays: objects would be more than one string can hold.
    rows: Array.from({ length: shown[at]?.segments ?? 0 }, (_, row) =>
      Object.values(segmentRow(row)),
    ),
  }))
  const database = path.join(corpusDir, `library-of-${recordings}.sqlite`)
  if (sqlite !== undefined && !existsSync(database)) {
    const given = shown.map(({ segments, ...one }) => ({ ...one, rows: segments }))
    sqlite.run('fill-library', [`${database}.unfinished`], given)
    renameSync(`${database}.unfinished`, database)
  }

  const own: Figures[] = []
  const bare: number[] = []
  const lowdb: number[] = []
  const queried: Record<string, number>[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const figures = await openAndList(root)
    const jsonMs = await json.openMs()
    const asked = sqlite?.run('library', [database, LISTS])
    rmSync(path.join(root, 'library.json'))
    const withoutMs = (await openAndList(root)).openMs
    // The first round warms up.
    if (round === 0) continue
    own.push(figures)
    lowdb.push(jsonMs)
    bare.push(withoutMs)
    if (asked !== undefined) queried.push(asked)
  }
  json.remove()
  const openMs = median(own.map((run) => run.openMs))
  const listMs = median(own.map((run) => run.listMs))
  const apiMs = await listMsOverApi(dir)
  const bars = isLargest
    ? {
        open: { bar: { text: `< ${OPEN_BAR_MS} ms`, limit: OPEN_BAR_MS } },
        list: { bar: { text: `< ${LIST_BAR_MS} ms`, limit: LIST_BAR_MS } },
      }
    : { open: {}, list: {} }
  const sqliteMs = (name: string) => median(queried.map((run) => run[name] ?? Number.NaN))
  const peer = (name: string, value: number) => ({ peer: { name, value } })
  measurements.push({
    work: `open ${what}, ${rows} rows`,
    unit: 'ms',
    vsr: openMs,
    ...peer('lowdb, all in one JSON', median(lowdb)),
    ...bars.open,
  })
  if (sqlite !== undefined) {
    measurements.push({
      work: `open and list ${what}`,
      unit: 'ms',
      vsr: openMs + listMs,
      ...peer('SQLite', sqliteMs('openMs') + sqliteMs('firstListMs')),
    })
  }
  measurements.push({
    work: `list ${what}`,
    unit: 'ms',
    vsr: listMs,
    ...(sqlite === undefined ? {} : peer('SQLite', sqliteMs('listMs'))),
    ...bars.list,
  })
  measurements.push(
    { work: `list ${what} over the API`, unit: 'ms', vsr: apiMs, ...bars.list },
    { work: `open ${what} without a catalogue`, unit: 'ms', vsr: median(bare) },
  )
  if (smallest !== undefined) {
    const growth = recordings / (counts[0] ?? Number.NaN)
    measurements.push(
      {
        work: `growth: open ${growth} times as many recordings`,
        unit: 'ms',
        vsr: openMs,
        ...peer(`${counts[0]} recordings`, smallest.openMs),
      },
      {
        work: `growth: list ${growth} times as many recordings`,
        unit: 'ms',
        vsr: listMs,
        ...peer(`${counts[0]} recordings`, smallest.listMs),
      },
    )
  }
  smallest ??= { openMs, listMs }
}
report({
  row: 'P11',
  title: 'library of many recordings',
  method: `Recordings of a minute to four hours, each opened as after an ordinary end: its description read, its folder swept, its log compared with the catalogue. Listed as the answer of \`recordings.list\`. Wall time, medians of ${rounds} rounds in turn. lowdb holds the same recordings and rows in one JSON file (CPU time of parsing it); SQLite one table of what a list shows and one of all rows, asked through Python without its start.`,
  measurements,
})
