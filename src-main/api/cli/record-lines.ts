import type { Activity, TrackTrouble } from '../../../src-preload/contract/activity'
import type { RecordingDetail, RecordingSummary } from '../../../src-preload/contract/model'
import { formatBytes, formatDuration } from './format'

/** What `vsr record` says to people; scripts get the contract's own words as JSON. */

const isWaiting = ({ state, reason }: RecordingSummary) =>
  state === 'resolving' && reason?.cause?.code === 'not_live'

/** The state; `waiting` for a source that has not started (again) yet, `ended` where the source was over. */
export function stateWord(recording: RecordingSummary): string {
  if (isWaiting(recording)) return 'waiting'
  return recording.sourceEnded === true ? 'ended' : recording.state
}

/** The first line: what was begun, and how it ends. */
export function startedLine(
  { title, id, keepWaiting }: RecordingSummary,
  { waitForLive }: { waitForLive: boolean },
): string {
  const begun = waitForLive
    ? `Recording “${title}” (${id}) as soon as it is live.`
    : `Recording “${title}” (${id}).`
  const again = keepWaiting ? ' When it ends, VSR waits for it to start again.' : ''
  return `${begun}${again} Ctrl-C ends it.`
}

/** What the sound beside the picture lacks: `sound lacks 50 s`; empty where it is all there. */
export const soundLacks = ({ soundGapSec = 0 }: Pick<RecordingSummary, 'soundGapSec'>): string =>
  soundGapSec < 0.5 ? '' : `sound lacks ${soundGapSec.toFixed(0)} s`

/** The line that is rewritten every second. */
export function progressLine(recording: RecordingSummary, nowMs: number): string {
  const { durationSec, bytes, segments, gaps, gapSec, latencySec, outstandingSec = 0 } = recording
  const { cause, nextTryMs, quietSinceMs } = recording.reason ?? {}
  const parts = [stateWord(recording)]
  if (isWaiting(recording) && nextTryMs !== undefined) parts.push(nextTry(nextTryMs - nowMs))
  if (!isWaiting(recording) || segments > 0) {
    parts.push(formatDuration(durationSec), formatBytes(bytes))
  }
  if (gaps > 0) parts.push(`${gaps} gaps, ${gapSec.toFixed(0)} s`)
  const sound = soundLacks(recording)
  if (sound !== '') parts.push(sound)
  if (outstandingSec > 0) parts.push(`${outstandingSec.toFixed(0)} s outstanding`)
  if (latencySec !== undefined) parts.push(`${latencySec.toFixed(1)} s behind live`)
  if (cause !== undefined) parts.push(cause.message)
  else if (quietSinceMs !== undefined) {
    parts.push(`nothing new for ${Math.round((nowMs - quietSinceMs) / 1000)} s`)
    if (nextTryMs !== undefined) parts.push(nextTry(nextTryMs - nowMs))
  }
  return parts.join(' · ')
}

const nextTry = (leftMs: number) =>
  leftMs <= 0 ? 'trying now' : `next try in ${Math.ceil(leftMs / 1000)} s`

const trackName = ({ kind, label, track }: Pick<TrackTrouble, 'kind' | 'label' | 'track'>) =>
  `${kind === 'subtitles' ? 'Subtitles' : 'Sound'} “${label || track}”`

const wishNouns = { quality: '', audio: 'sound in ', subtitles: 'subtitles in ' }

/** What was asked for and is not there, what is, and what is recorded instead. */
function wishLine({ about, wanted, offered, instead }: Extract<Activity, { type: 'wish' }>) {
  const there = offered.length === 0 ? 'It offers no choice.' : `It has ${offered.join('; ')}.`
  const none = about === 'subtitles' ? 'No subtitles are recorded.' : 'What there is is recorded.'
  const recorded = instead === '' ? none : `Recorded is ${instead}.`
  return `The source has no ${wishNouns[about]}${wanted}. ${there} ${recorded}`
}

/** What happened, as a line. */
export function activityLine(activity: Activity): string {
  switch (activity.type) {
    case 'track-lost':
      return `${trackName(activity)} could not be recorded: ${activity.cause.message} Everything else goes on.`
    case 'track-back':
      return `${trackName(activity)} is recorded again.`
    case 'wish':
      return wishLine(activity)
    case 'quality':
      return activity.direction === 'down'
        ? `Now records ${activity.to}: the connection is too slow for ${activity.from}.`
        : `Now records ${activity.to}: the connection is fast enough again.`
    case 'place': {
      const { kind, number, host, cause } = activity
      const what = kind === 'video' ? 'The picture' : trackName(activity)
      const why = cause === undefined ? '' : ` The one before failed: ${cause.message}`
      return `${what} now comes from copy ${number} (${host}).${why}`
    }
  }
}

/** The last line. */
export function summaryLine(recording: RecordingSummary): string {
  const { id, durationSec, bytes, segments, gaps, completeness } = recording
  const state = stateWord(recording)
  if (segments === 0 && gaps === 0) return `${state}: ${id} · nothing stored`
  return (
    `${state}: ${id} · ${formatDuration(durationSec)} · ${formatBytes(bytes)} · ` +
    `${(completeness * 100).toFixed(1)} % complete, ${gaps} gaps`
  )
}

/** What tracks beside the picture lack, a line for each. */
export function lackingLines({ tracks, gapList }: RecordingDetail): string[] {
  return tracks.slice(1).flatMap(({ id, kind, name, language }) => {
    const gaps = gapList.filter(({ track }) => track === id)
    const lackMs = gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
    const label = name ?? language ?? ''
    return lackMs === 0
      ? []
      : [`${trackName({ track: id, kind, label })} lacks ${(lackMs / 1000).toFixed(0)} s`]
  })
}
