import type { TrackKind } from '../../../src-preload/contract/activity'
import type { GapCause } from '../../../src-preload/contract/model'
import { plural } from './plural'

/** Words of the activity of a recording. */
export const activityTexts = {
  activity: {
    title: 'Activity',
    none: 'Choose a recording to see what it is doing.',
    since: (clock: string) => `since ${clock}`,
    quiet: (length: string) => `nothing new for ${length}`,
    nextTry: (length: string) => `next try in ${length}`,
    tryingNow: 'trying now',
    source: 'Source',
    started: 'Started',
    length: 'Stored',
    size: 'Size',
    segments: 'Segments',
    latency: 'Behind live',
    completeness: 'Complete',
    gaps: 'Gaps',
    keepWaiting: 'When the stream ends, wait for it to start again',
    noGaps: {
      complete: 'No gaps. Nothing is missing.',
      outstanding: 'No gaps so far. What is outstanding may still come.',
      empty: 'Nothing is stored.',
    },
    spans: 'Ads and programmes',
    clock: 'Times',
    missing: (length: string) => `${length} missing`,
    because: (cause: string) => `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`,
    segmentsMissing: (count: number) =>
      count === 0 ? 'an unknown number of segments' : plural(count, 'segment', 'segments'),
    track: (kind: string, label: string) => `${kind} “${label}”`,
    trackTroubles: 'Missing at the moment',
    trackTrouble: (track: string, message: string) => `${track}: ${message}`,
    lacking: (track: string, length: string) => `${track} lacks ${length}.`,
    sideGaps: 'Gaps of sound and subtitles',
    history: 'What happened',
    happened: {
      trackLost: (track: string, message: string) =>
        `${track} could not be recorded: ${message} Everything else went on.`,
      unmet: {
        quality: (wanted: string) => `The source has no ${wanted}.`,
        audio: (wanted: string) => `The source has no sound in “${wanted}”.`,
        subtitles: (wanted: string) => `The source has no subtitles in “${wanted}”.`,
      },
      offered: {
        quality: (names: readonly string[]) =>
          names.length === 0 ? 'It offers one quality.' : `It has ${names.join('; ')}.`,
        audio: (names: readonly string[]) =>
          names.length === 0 ? 'It offers no choice of languages.' : `It has ${names.join(', ')}.`,
        subtitles: (names: readonly string[]) =>
          names.length === 0 ? 'It offers none.' : `It has ${names.join(', ')}.`,
      },
      instead: {
        quality: (name: string) => (name === '' ? '' : `Recorded is ${name}.`),
        audio: (name: string) =>
          name === '' ? 'Its usual sound is recorded.' : `Recorded is ${name}.`,
        subtitles: (name: string) =>
          name === '' ? 'No subtitles are recorded.' : `Recorded is ${name}.`,
      },
      quality: {
        down: (from: string, to: string) =>
          `Now records ${to}: the connection is too slow for ${from}.`,
        up: (_from: string, to: string) =>
          `Now records ${to}: the connection is fast enough again.`,
      },
      place: (track: string, number: number, host: string) =>
        `${track} now comes from ${number === 1 ? 'the first place' : `copy ${number}`} (${host})`,
      placeFailed: (place: string, message: string) =>
        `${place}. The one before failed: ${message}`,
      placeWanted: (place: string) => `${place}, as the source wants it.`,
      trackBack: (track: string) => `${track} is recorded again.`,
    },
    more: (count: number) => `and ${count} earlier ones`,
  },
  trackKinds: { video: 'Picture', audio: 'Sound', subtitles: 'Subtitles' } satisfies Record<
    TrackKind,
    string
  >,
  gapCauses: {
    'source-gap': 'the source itself marks it as missing',
    'sequence-gap': 'the source skipped ahead',
    'not-found': 'the source no longer had it',
    'http-error': 'the source answered with an error',
    network: 'the connection was lost',
    timeout: 'nothing came from the source in time',
    'not-media': 'the source sent something that is not video',
    truncated: 'the source sent only a part of it',
    'too-large': 'it was larger than allowed',
    'key-unavailable': 'its key could not be had',
    storage: 'it could not be written to disk',
    restart: 'VSR was not running',
    suspended: 'the computer was asleep',
    protected: 'the source encrypted it in a way that VSR cannot take off',
    damaged: 'it was stored, and the disk has lost or changed it',
  } satisfies Record<GapCause, string>,
}
