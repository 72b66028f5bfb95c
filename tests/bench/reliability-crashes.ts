// CRASHES: a crash behind every operation of a history, in every way in which a disk may be left by a power cut.
import { crashEverywhere } from '../support/crash-points'
import { crashModes } from '../support/memory-file-port'
import { mostLostPerStream } from '../support/power-cut'
import { type Measurement, report } from './support/report'

const names = {
  applied: 'everything written is there (the process died)',
  'unsynced-lost': 'what was not synced is gone',
  'names-before-data': 'new names are there, the bytes behind them are not',
  torn: 'the last write is torn, at each 512 bytes',
}

const measurements: Measurement[] = []
let broken = 0
for (const mode of crashModes) {
  const { points, failures } = await crashEverywhere(mode)
  broken += failures.length
  for (const failure of failures) console.error(failure)
  measurements.push({ work: `crash points: ${names[mode]}`, unit: '', vsr: points })
}
measurements.push(
  {
    work: 'with an acknowledged segment lost, a row without its file, or a recording that does not go on',
    unit: '',
    vsr: broken,
    bar: { text: '0', limit: 0 },
  },
  {
    work: 'segments that a power cut takes of one stream, at most (the one that is being stored)',
    unit: '',
    vsr: await mostLostPerStream(),
    bar: { text: '1', limit: 1 },
  },
)
report({
  row: 'CRASHES',
  title: 'crash points and power cuts',
  method:
    'The store writes to a disk in memory, which notes what is synced. A history of two tracks with segments one by one and in groups, gaps, keys, a late segment and a change of day is cut off behind each of its operations; what is left is opened, compared with what was acknowledged, and takes another segment.',
  measurements,
})
