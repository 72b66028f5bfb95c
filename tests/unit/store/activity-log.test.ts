import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src-main/ports/logger'
import { openActivityLog } from '../../../src-main/store/activity-log'
import type { Activity } from '../../../src-preload/contract/activity'
import { createMemoryFilePort, type MemoryFilePort } from '../../support/memory-file-port'

const path = '/rec/activity.ndjson'
const german = { track: 'a1', kind: 'audio', label: 'Deutsch' } as const
const back = (atMs: number): Activity => ({ type: 'track-back', atMs, ...german })
const lost: Activity = {
  type: 'track-lost',
  atMs: 1,
  ...german,
  cause: { code: 'source_not_found', message: 'The source answered “not found” (404).' },
}
const emptyDisk = () => {
  const files = createMemoryFilePort()
  files.poke('/rec/recording.json', Buffer.from('{}'))
  return files
}
const open = (files: MemoryFilePort, onAdd: (activity: Activity) => void = () => {}) =>
  openActivityLog({ files, path, logger: silentLogger, onAdd })

describe('what happened to a recording, on disk', () => {
  it('comes back in order after a restart, and is told once durable', async () => {
    const files = emptyDisk()
    const told: Activity[] = []
    const log = await open(files, (activity) => told.push(activity))
    expect(files.peek(path)).toBeUndefined()
    await Promise.all([log.add(lost), log.add(back(2))])
    expect(told).toEqual([lost, back(2)])
    expect((await open(files)).list()).toEqual([lost, back(2)])
  })

  it('F36 is readable up to a torn or damaged line, and goes on behind it', async () => {
    const files = emptyDisk()
    await (await open(files)).add(lost)
    const whole = Buffer.from(files.peek(path) ?? [])
    files.poke(path, Buffer.concat([whole, Buffer.from('[1,{"type":"x"},1]\n[1,{"ty')]))
    const log = await open(files)
    expect(log.list()).toEqual([lost])
    await log.add(back(3))
    expect((await open(files)).list()).toEqual([lost, back(3)])
  })

  it('keeps to its bound: the oldest make room, on disk too', async () => {
    const files = emptyDisk()
    const log = await open(files)
    for (let at = 0; at < 1700; at += 1) await log.add(back(at))
    const kept = (await open(files)).list()
    expect(kept).toHaveLength(500)
    expect(kept.at(-1)).toEqual(back(1699))
    const lines =
      Buffer.from(files.peek(path) ?? [])
        .toString()
        .split('\n').length - 1
    expect(lines).toBeLessThanOrEqual(1000)
  })
})
