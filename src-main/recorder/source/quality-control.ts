import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { TrackStore } from '../../store/model'
import { adapt, startAdaptation } from './adaptation'
import type { ActivityWriter } from '../activity-writer'
import type { PollBatch } from '../track-follower'
import type { SourceAccess } from './source-access'
import type { Throughput } from './throughput'

/** Keeps the main track at the highest quality that the way to the source allows, within the person's limits. */
export interface QualityControl {
  /** The main track's playlist was loaded. */
  listed(batch: Pick<PollBatch, 'playlist' | 'live' | 'edgeMs'>): void
  /** A segment of it was stored. */
  stored(): void
}

export function createQualityControl(options: {
  access: Pick<SourceAccess, 'rung' | 'rungsBps' | 'rungNames' | 'setRung'>
  throughput: Pick<Throughput, 'bitsPerSec'>
  track: Pick<TrackStore, 'index'>
  clock: Clock
  logger: Logger
  activity: Pick<ActivityWriter, 'note'>
}): QualityControl {
  const { access, throughput, track, clock, logger, activity } = options
  let state = startAdaptation
  let newest: Parameters<QualityControl['listed']>[0] | undefined

  const look = () => {
    if (newest?.edgeMs === undefined) return
    const { playlist, live, edgeMs } = newest
    // Nothing leaves a listing that is kept whole: what comes slowly comes all the same.
    if (!live || playlist.playlistType !== undefined) return
    const storedMs = track.index.figures.endMs
    const windowSec = playlist.segments.reduce((sum, { durationSec }) => sum + durationSec, 0)
    const throughputBps = throughput.bitsPerSec()
    const rungsBps = access.rungsBps()
    // A source that lists other streams than before has moved it.
    const rung = access.rung()
    const next = adapt(
      { ...state, rung },
      {
        atMs: clock.monotonicMs(),
        behindSec: storedMs === undefined ? windowSec : Math.max(0, edgeMs - storedMs) / 1000,
        targetDurationSec: playlist.targetDurationSec,
        windowSec,
        throughputBps,
        rungsBps,
      },
    )
    state = next
    if (next.rung === rung) return
    const change = { fromBps: rungsBps[rung], toBps: rungsBps[next.rung], throughputBps }
    if (next.rung > rung) logger.warn(change, 'too slow for this quality, taking a lower one')
    else logger.info(change, 'taking a higher quality again')
    const names = access.rungNames()
    const direction = next.rung > rung ? 'down' : 'up'
    access.setRung(next.rung)
    const [from = '', to = ''] = [names[rung], names[next.rung]]
    activity.note({ type: 'quality', from, to, direction })
  }

  return {
    listed(batch) {
      newest = batch
      look()
    },
    stored: look,
  }
}
