/** Words that are said everywhere. */
export const generalTexts = {
  product: 'Video Stream Recorder',
  drawer: { close: 'Close' },
  shortcuts: {
    title: 'Keys',
    open: 'Keys (?)',
    rows: [
      ['Space, K', 'Play or pause'],
      ['J, L', 'Slower, faster'],
      ['←, →', 'One second back, forward (Shift: ten)'],
      ['Home, End', 'Start, live edge'],
      ['I, O', 'Start and end of the range'],
      ['E', 'Export the range'],
      ['Z', 'Zoom to the range'],
      ['Esc', 'Clear the range'],
      ['Ctrl+Z', 'Undo: a range, a deletion'],
      ['F', 'Full screen'],
      ['Ctrl+V', 'Paste a link into the bar'],
      ['Ctrl+wheel', 'Zoom the timeline around the pointer'],
      ['Wheel', 'Move along the timeline'],
      ['?', 'This list'],
    ] as readonly (readonly [string, string])[],
  },
  toast: { dismiss: 'Dismiss' },
}
