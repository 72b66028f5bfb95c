import type { ExportJob } from '../../../src-preload/contract/model'

/** Words of the exports. */
export const exportTexts = {
  export: {
    title: 'Exports',
    button: 'Export MP4',
    buttonHint: 'Export the selected range (E)',
    mode: 'How to cut',
    copy: 'Fast',
    exact: 'Exact',
    modes: { copy: 'Fast', exact: 'Exact', transcode: 'Re-encoded' } satisfies Record<
      ExportJob['mode'],
      string
    >,
    copyHint: 'Fast: copied as it is, starts at the key frame before the range',
    exactHint: 'Exact: starts on the very frame, takes longer',
    fileMissing: 'The file is not there any more: it was moved, renamed or deleted.',
    sound: 'Which sound the file gets',
    withSound: (name: string) => `Sound: ${name}`,
    last: 'Export last',
    presets: { sec30: '30 s', min2: '2 min', min10: '10 min', whole: 'All' },
    presetHint: (length: string) => `Export the last ${length} at once`,
    presetWholeHint: 'Export the whole recording at once',
    none: 'No exports yet. Select a range on the timeline and press E.',
    states: {
      queued: 'Waiting',
      running: 'Exporting',
      done: 'Done',
      failed: 'Failed',
      cancelled: 'Cancelled',
    } satisfies Record<ExportJob['state'], string>,
    cancel: 'Cancel',
    copyPath: 'Copy path',
    copied: 'Path copied',
    copyFailed: 'The path could not be copied. Mark it and press Ctrl+C.',
    reveal: 'Show in folder',
    download: 'Download',
    eta: (length: string) => `${length} left`,
    speed: (speed: string) => `${speed}× real time`,
    early: (sec: string) => `Starts ${sec} s early, at the key frame`,
    exactStart: 'Starts where the range starts',
    skipped: (length: string) => `${length} of gaps left out`,
    started: 'Export started',
    ready: (name: string) => `Export finished: ${name}`,
  },
}
