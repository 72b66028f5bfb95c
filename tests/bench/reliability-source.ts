// SOURCE: outages shorter than the window of the source, and addresses that expire.
import { recordThroughOutages } from '../support/short-outages'
import { recordThroughTokens } from '../support/rotating-tokens'
import { benchOptions } from './support/bench-options'
import { report } from './support/report'

const options = benchOptions()
const outages = options.number('outages', { full: 500, quick: 20 })
const rotations = options.number('rotations', { full: 100, quick: 10 })
const none = { text: '0', limit: 0 }

const outage = await recordThroughOutages(outages, 11)
const tokens = await recordThroughTokens(rotations)
report({
  row: 'SOURCE',
  title: 'a source that is away, addresses that expire',
  method: `The recorder by a clock that is faster than ours. The source lists a minute of segments of 2 s and answers nothing else than errors for 1 s up to that minute less two target durations (${outage.longestSec.toFixed(0)} s at most): 404, 500, refused connections, names that are not found. Tokens live for 30 s, then playlist and segments are refused until the page is asked again.`,
  measurements: [
    { work: 'outages', unit: '', vsr: outages },
    { work: `gaps in ${outage.segments} segments`, unit: '', vsr: outage.gaps, bar: none },
    { work: 'rotations of the token', unit: '', vsr: rotations },
    { work: `gaps in ${tokens.stored.length} segments`, unit: '', vsr: tokens.gaps, bar: none },
    {
      work: 'recordings begun anew, or breaks in the one',
      unit: '',
      vsr: tokens.discontinuities - 1,
      bar: none,
    },
  ],
})
