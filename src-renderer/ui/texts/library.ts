import { plural } from './plural'

/** Words of the address bar and the list of recordings. */
export const libraryTexts = {
  urlBar: {
    label: 'Address to record',
    placeholder: 'Paste a link: a live stream, a page with a video, or an .m3u8 playlist',
    record: 'Record',
    starting: 'Starting…',
    quality: 'Quality',
    idleHint: 'Ctrl+V anywhere on the page pastes a link here.',
    probing: 'Looking at the address…',
    wait: 'Wait until it starts',
    again: 'Record it twice',
    failedFor: (address: string, message: string) => `${address}: ${message}`,
    drm: (system: string) => `Protected by ${system}: it cannot be recorded.`,
    live: 'Live',
    vod: (length: string) => (length === '' ? 'Finished video' : `Finished video, ${length}`),
    qualities: (count: number, best: string) =>
      count === 1 ? `one quality, ${best}` : `${count} qualities up to ${best}`,
    oneQuality: 'one quality',
    exportOnly: 'encrypted: can be recorded and exported, but not played here',
    demo: 'Built-in demo stream, needs no internet',
  },
  qualityNames: {
    best: 'Best',
    '1080p': '≤ 1080p',
    '720p': '≤ 720p',
    '480p': '≤ 480p',
    worst: 'Smallest',
  } as Readonly<Record<string, string>>,
  library: {
    title: 'Recordings',
    demo: 'Try the demo stream',
    stop: (title: string) => `Stop recording “${title}”`,
    remove: (title: string) => `Delete recording “${title}”`,
    gaps: (count: number) => plural(count, 'gap', 'gaps'),
    complete: (percent: string) => `${percent} complete`,
    soundLacks: (length: string) => `sound lacks ${length}`,
    outstanding: (length: string) => `${length} outstanding`,
    nextTry: (length: string) => `retry in ${length}`,
    loading: 'Reading the library…',
    none: 'Nothing recorded yet.',
    nothingYet: 'Nothing stored',
  },
  empty: {
    title: 'Record any stream, rewind while it runs',
    body: 'Paste a link above and press Record. Keep watching, go back in time, cut out a piece as MP4.',
    or: 'No link at hand?',
    selectTitle: 'Choose a recording',
    selectBody: 'Pick one on the left, or paste a new link above.',
  },
  remove: {
    title: 'Delete this recording?',
    body: (title: string, length: string, size: string) =>
      `“${title}” (${length}, ${size}) goes to the trash. Exported files stay.`,
    bodyForGood: (title: string, length: string, size: string) =>
      `“${title}” (${length}, ${size}) is removed from the disk. This cannot be undone. Exported files stay.`,
    running: 'It is still recording: it will be stopped first.',
    confirm: 'Delete',
    cancel: 'Keep it',
    done: (title: string) => `“${title}” is in the trash.`,
    gone: (title: string) => `“${title}” was removed.`,
    undo: 'Undo',
  },
  trash: {
    title: 'Trash',
    open: (count: number) =>
      count === 0 ? 'Trash: empty' : `Trash: ${plural(count, 'recording', 'recordings')}`,
    none: 'Nothing is in the trash. Deleted recordings wait here for a while.',
    until: (moment: string) => `until ${moment}`,
    takes: (size: string) => `${size} on the disk`,
    restore: (title: string) => `Restore “${title}”`,
    remove: (title: string) => `Remove “${title}” for good`,
    empty: 'Empty the trash',
  },
}
