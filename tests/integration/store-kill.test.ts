import { expect, it } from 'vitest'
import type { SegmentRow } from '../../src-main/store/model'
import { createRandom } from '../support/fault-store-samples'
import {
  buildStoreChild,
  findAcknowledged,
  areCataloguesWhole,
  runAndKill,
} from '../support/killed-store'
import { tempDirForTest } from '../support/temp-dir'

const KILLS = 10

it(`F34 ${KILLS} kills at random instants: every acknowledged segment is there, byte for byte`, async () => {
  const library = tempDirForTest()
  const child = await buildStoreChild()
  const random = createRandom(Date.now())
  const acknowledged: SegmentRow[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    const afterMs = random() * 150
    acknowledged.push(...(await runAndKill({ child, library, afterMs, from: 'acknowledgement' })))
    expect(await areCataloguesWhole(library)).toBe(true)
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS)
  expect(await findAcknowledged(library, acknowledged, 'write')).toEqual({ lost: 0, damaged: 0 })
})
