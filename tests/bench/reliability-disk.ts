// DISK: every operation of the store fails, once and for good; a recorder whose disk is full again and again.
import { failEverywhere } from '../support/crash-points'
import { recordOnFullDisk } from '../support/full-disk'
import { benchOptions } from './support/bench-options'
import { type Measurement, report } from './support/report'

const FULL_TIMES = benchOptions().number('full', { full: 50, quick: 3 })
const none = { text: '0', limit: 0 }
const measurements: Measurement[] = []
let broken = 0
for (const errno of ['ENOSPC', 'EIO', 'EMFILE', 'EPERM']) {
  let points = 0
  for (const lasting of [false, true]) {
    const { operations, failures } = await failEverywhere(errno, { lasting })
    for (const failure of failures) console.error(failure)
    points += operations
    broken += failures.length
  }
  measurements.push({ work: `failures: ${errno} at each operation`, unit: '', vsr: points })
}
const account = await recordOnFullDisk(FULL_TIMES)
measurements.push(
  {
    work: 'with an acknowledged segment lost, an fsync tried again, an unexplained error, or no going on',
    unit: '',
    vsr: broken,
    bar: none,
  },
  { work: 'times that the disk was full', unit: '', vsr: FULL_TIMES },
  {
    work: 'recording again after space came back, the slowest',
    unit: 's',
    vsr: account.slowestResumeMs / 1000,
    bar: { text: '< 10 s', limit: 10 },
  },
  {
    work: 'all that was missed stored, the slowest',
    unit: 's',
    vsr: account.slowestCaughtUpMs / 1000,
  },
  { work: 'times without a word within 10 s', unit: '', vsr: account.untold, bar: none },
  { work: 'files of segments without bytes', unit: '', vsr: account.emptyFiles, bar: none },
  {
    work: `gaps in ${account.segments} segments, the source listing two minutes`,
    unit: '',
    vsr: account.gaps,
    bar: none,
  },
)
report({
  row: 'DISK',
  title: 'a disk that fails, a disk that is full',
  method:
    'One operation after the other of the history of CRASHES fails, once, and then it and all behind it; afterwards the power is cut, and what is left is opened and compared. Then the recorder with its store, on a disk in memory and by a clock that is faster than ours: each time the disk is full for 20 s to a minute.',
  measurements,
})
