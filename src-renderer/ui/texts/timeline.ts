import type { SpanKind } from '../../../src-preload/contract/model'

/** Words of the timeline. */
export const timelineTexts = {
  timeline: {
    label: 'Timeline',
    ruler: 'Drag to scrub',
    lane: 'Click to go there, drag to select a range',
    gap: (cause: string) => `Gap: ${cause}`,
    hole: 'Nothing was recorded here',
    arrivalTip: 'time of arrival',
    sinceWhen: (clock: string) => `since ${clock}`,
    planned: (stretch: string) => `${stretch}, as planned`,
    in: 'In',
    out: 'Out',
    inLabel: 'Start of the range (I)',
    outLabel: 'End of the range (O)',
    typeTime: 'A time such as 14:30:05, or an offset from the start such as 90 or 1m30s',
    unreadableTime: (end: string) =>
      `${end} is not a time. Type one such as 14:30:05, or an offset from the start such as 1m30s.`,
    outsideTime: (from: string, to: string) =>
      `That lies outside the recording, which goes from ${from} to ${to}.`,
    inAfterOut: 'In lies after Out. Change Out as well, or type an earlier In.',
    outBeforeIn: 'Out lies before In. Change In as well, or type a later Out.',
    otherEndMoved:
      'The other end of the range lay behind it and was moved to the end of the footage.',
    otherEndMovedBack: 'The other end of the range lay after it and was moved to the start.',
    fixTyped: 'First put the typed times right',
    clear: 'Clear the range (Esc)',
    zoomIn: 'Zoom in (Ctrl+wheel)',
    zoomOut: 'Zoom out (Ctrl+wheel)',
    fit: 'Show everything',
    zoomToRange: 'Zoom to the range (Z)',
    noRange: 'Drag on the timeline to select a range',
  },
  spanKinds: {
    ad: 'Ad break',
    programme: 'Programme',
    other: 'Marked by the source',
  } satisfies Record<SpanKind, string>,
  clocks: { source: 'Of the source', arrival: 'Arrival time', mixed: 'Partly arrival time' },
  clockHints: {
    arrival: 'The source tells no time: times are those at which it arrived here.',
    mixed:
      'Where the ruler is dotted, the source tells no time: times are those at which it arrived here.',
  },
}
