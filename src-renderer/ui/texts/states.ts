import type { RecordingState } from '../../../src-preload/contract/model'

/** What a recording does, in words. */
export const statesTexts = {
  states: {
    idle: 'Waiting',
    resolving: 'Connecting',
    recording: 'Recording',
    stalled: 'Stalled',
    stopping: 'Stopping',
    stopped: 'Stopped',
    failed: 'Failed',
  } satisfies Record<RecordingState, string>,
  /** Instead of `Stopped`: nobody stopped it, the source was over. */
  ended: 'Ended',
  troubled: {
    state: 'Recording, in trouble',
    short: 'In trouble',
    sentence: 'Still recording, but something of the source is missing. VSR keeps trying.',
  },
  withoutTrack: (trouble: string) => `${trouble} Everything else is recorded; VSR keeps trying.`,
  waiting: {
    state: 'Waiting',
    sentence: 'Not live at the moment. VSR looks again by itself and records as soon as it is.',
  },
  stateSentences: {
    idle: 'Not started yet.',
    resolving: 'Finding the stream behind the address.',
    recording: 'Recording. Every segment is stored as it comes.',
    stalled: 'Nothing new arrives. VSR keeps trying.',
    stopping: 'Storing the last segments.',
    stopped: 'Complete. You can watch, cut and export it.',
    failed: 'This recording could not go on.',
  } satisfies Record<RecordingState, string>,
  stoppedSentences: {
    empty: 'Over. Nothing was stored.',
    incomplete: 'Over. You can watch, cut and export what was stored.',
  },
}
