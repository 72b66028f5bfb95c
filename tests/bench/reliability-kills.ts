// KILLS: a process that records is killed at random instants, again and again, and its library is opened and counted each time.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { nodeFilePort } from '../../src-main/store/node-file-port'
import { verifyLibrary } from '../../src-main/store/verify/verify-library'
import type { SegmentRow } from '../../src-main/store/model'
import { createRandom } from '../support/fault-store-samples'
import {
  buildStoreChild,
  findAcknowledged,
  areCataloguesWhole,
  runAndKill,
} from '../support/killed-store'
import { benchOptions } from './support/bench-options'
import { corpusDir, report } from './support/report'

/** A library lives through so many kills, then it is looked at whole and the next one begins. */
const KILLS_PER_LIBRARY = 100
/** Of four kills one comes while the program starts, and mends what the last kill has left. */
const ONE_WHILE_STARTING = 4
const WITHIN_MS = 150
const STARTING_WITHIN_MS = 300

const kills = benchOptions().number('kills', { full: 10_000, quick: 20 })
const random = createRandom(Date.now())
const root = path.join(corpusDir, 'reliability-kills.work')
const counts = { acknowledged: 0, whileStarting: 0, lost: 0, damaged: 0, catalogues: 0, found: 0 }

/** @returns what a look at the whole library finds missing or damaged. */
async function lookAtAll(acknowledged: readonly SegmentRow[]): Promise<void> {
  const { lost, damaged } = await findAcknowledged(root, acknowledged, 'write')
  counts.lost += lost
  counts.damaged += damaged
  const found = await verifyLibrary({
    files: nodeFilePort,
    root,
    deep: true,
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  counts.found += found.missing + found.damaged
}

async function killThrough(many: number): Promise<void> {
  rmSync(root, { recursive: true, force: true })
  const all: SegmentRow[] = []
  for (let kill = 0; kill < many; kill += 1) {
    const isStarting = kill % ONE_WHILE_STARTING === 1
    const acknowledged = await runAndKill({
      child,
      library: root,
      afterMs: random() * (isStarting ? STARTING_WITHIN_MS : WITHIN_MS),
      from: isStarting ? 'start' : 'acknowledgement',
    })
    if (isStarting) counts.whileStarting += 1
    if (!(await areCataloguesWhole(root))) counts.catalogues += 1
    const { lost, damaged } = await findAcknowledged(root, acknowledged, 'read')
    counts.lost += lost
    counts.damaged += damaged
    all.push(...acknowledged)
  }
  counts.acknowledged += all.length
  await lookAtAll(all)
}

const child = await buildStoreChild()
try {
  for (let done = 0; done < kills; done += KILLS_PER_LIBRARY) {
    await killThrough(Math.min(KILLS_PER_LIBRARY, kills - done))
    console.log(`${Math.min(kills, done + KILLS_PER_LIBRARY)} of ${kills} kills`)
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}
const none = { text: '0', limit: 0 }
report({
  row: 'KILLS',
  title: 'kills at random instants',
  options: `--kills=${kills}`,
  method: `\`kill -9\` of a process that stores three segments at a time, and its recording's file and the catalogue now and then: within ${WITHIN_MS} ms of its first acknowledgement, every fourth one within ${STARTING_WITHIN_MS} ms of its start, while it mends what the kill before has left. After each, the library is opened and what was acknowledged is compared byte for byte; after every ${KILLS_PER_LIBRARY}, all of the library. The kernel goes on, so this is about the order of things; power cuts are under CRASHES.`,
  measurements: [
    { work: 'kills', unit: '', vsr: kills },
    { work: 'of those while it was starting', unit: '', vsr: counts.whileStarting },
    { work: 'segments acknowledged', unit: '', vsr: counts.acknowledged },
    { work: 'acknowledged segments lost', unit: '', vsr: counts.lost, bar: none },
    {
      work: 'acknowledged segments with other bytes',
      unit: '',
      vsr: counts.damaged,
      bar: none,
    },
    { work: 'catalogues that were not whole', unit: '', vsr: counts.catalogues, bar: none },
    {
      work: 'rows without a file or damaged lines found by `vsr verify`',
      unit: '',
      vsr: counts.found,
      bar: none,
    },
  ],
})
