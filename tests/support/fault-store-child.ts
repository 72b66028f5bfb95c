import { writeSync } from 'node:fs'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import type { SegmentRow, TrackStore } from '../../src-main/store/model'
import { sampleMeta, sampleSegment, sampleTrack } from './fault-store-samples'

/**
 * The program that is killed: goes on with the recording of the library named on the command line,
 * and says each segment on stdout the moment the store has acknowledged it, until its end. Every now and then the recording's own
 * file and the catalogue are written, too.
 */
const [, , root = ''] = process.argv
const library = await openLibrary({
  root,
  mode: 'write',
  clock: systemClock,
  logger: silentLogger,
})
const recording = library.list()[0] ?? (await library.create(sampleMeta))
const [track = await recording.addTrack(sampleTrack)] = await recording.tracks()

async function store(to: TrackStore, number: number): Promise<SegmentRow> {
  const temp = await to.createTemp()
  for (let part = 0; part < 4; part += 1) await temp.write(Buffer.alloc(5000, number + part))
  return to.commitSegment(temp, sampleSegment(number))
}

for (let number = track.index.length; ; number += 3) {
  if (number % 5 === 0) await recording.update({ title: `Up to ${number}` })
  await Promise.all(
    [0, 1, 2].map(async (at) => {
      const row = await store(track, number + at)
      writeSync(1, `${JSON.stringify(row)}\n`)
    }),
  )
}
