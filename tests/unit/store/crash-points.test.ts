import { describe, expect, it } from 'vitest'
import { crashEverywhere, failEverywhere } from '../../support/crash-points'
import {
  type CrashMode,
  crashModes,
  createMemoryFilePort,
  type MemoryFilePort,
} from '../../support/memory-file-port'
import { openAfterCrash, storeHistory } from '../../support/store-history'

describe('crash points', () => {
  it.each<CrashMode>(crashModes)(
    'F34 F35 every crash point of a history, %s: nothing acknowledged is lost, recording goes on',
    async (mode) => {
      const { points, acknowledged, failures } = await crashEverywhere(mode)
      expect(failures).toEqual([])
      expect(acknowledged).toBe(12)
      expect(points).toBeGreaterThan(80)
    },
  )

  it('F34 a crash during recovery itself loses nothing either', async () => {
    let torn: MemoryFilePort | undefined
    const files = createMemoryFilePort()
    files.after = ({ name, path }) => {
      if (name === 'write' && path.endsWith('segments.ndjson')) torn = files.crash('torn')
    }
    await storeHistory(files, [])
    if (torn === undefined) throw new Error('the history writes no log')
    const crashed = torn
    const log = findLog(crashed)
    const middle = (crashed.peek(log)?.length ?? 0) >> 1
    const damaged = Buffer.from(crashed.peek(log) ?? '')
    damaged[middle] = (damaged[middle] ?? 0) ^ 1
    crashed.poke(log, damaged)
    const images: MemoryFilePort[] = []
    crashed.after = () => images.push(crashed.crash('unsynced-lost'), crashed.crash('torn'))
    await (await openAfterCrash(crashed, 2)).close()
    expect(images.length).toBeGreaterThan(20)
    for (const image of images) {
      const library = await openAfterCrash(image, 3)
      const [track] = (await library.list()[0]?.tracks()) ?? []
      // One row was damaged by hand, at most one was torn off; the others are still there.
      expect(track?.index.length).toBeGreaterThanOrEqual(6)
      await library.close()
    }
  })
})

function findLog(files: MemoryFilePort): string {
  const [id] = files.names('/library/recordings')
  return `/library/recordings/${id}/v0/segments.ndjson`
}

describe('I/O errors', () => {
  it.each([
    { errno: 'ENOSPC', times: 'once', lasting: false },
    { errno: 'ENOSPC', times: 'for good', lasting: true },
    { errno: 'EIO', times: 'once', lasting: false },
    { errno: 'EIO', times: 'for good', lasting: true },
    { errno: 'EMFILE', times: 'once', lasting: false },
    { errno: 'EPERM', times: 'once', lasting: false },
  ])(
    'F31 F35 $errno $times at each operation: what was acknowledged stays, no failed fsync is tried again, work goes on',
    async ({ errno, lasting }) => {
      const { operations, failures } = await failEverywhere(errno, { lasting })
      expect(failures).toEqual([])
      expect(operations).toBeGreaterThan(80)
    },
  )
})
