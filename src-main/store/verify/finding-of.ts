import { basename } from 'node:path'
import type { Fault, HoleFault, RowFault } from './fault'
import type { Finding } from './report'

/** A fault in words, with what a repair makes of it. Pure. */
export function findingOf(fault: Fault): Finding {
  const { path } = fault
  switch (fault.of) {
    case 'row': {
      const kind = fault.problem === 'missing' ? 'missing' : 'damaged'
      return withRemedy({ kind, path, message: fault.detail }, remedyOfRow(fault))
    }
    case 'log':
      return {
        kind: 'damaged',
        path,
        message:
          fault.problem === 'torn'
            ? `The last ${bytes(fault.bytes)} of the log are no whole row: the write of them was cut off.`
            : `${bytes(fault.bytes)} of the log are no row.`,
        remedy:
          fault.problem === 'torn'
            ? 'They are cut off, as the next start would.'
            : 'They are set aside beside the log, as the next start would.',
      }
    case 'hole':
      return {
        kind: 'damaged',
        path,
        message: messageOfHole(fault),
        remedy: 'A gap is put there.',
      }
    case 'lines': {
      const torn = fault.torn ? 'Its last line was cut off.' : ''
      const { damaged } = fault
      const lines =
        damaged === 0 ? '' : `${damaged} ${damaged === 1 ? 'line' : 'lines'} of it cannot be read.`
      return {
        kind: 'damaged',
        path,
        message: [lines, torn].filter((part) => part !== '').join(' '),
        remedy: 'It is written anew without that; the old one goes to quarantine.',
      }
    }
    case 'description':
      return {
        kind: 'damaged',
        path,
        message: descriptionMessages[fault.problem],
        remedy: descriptionRemedies[fault.problem],
      }
    case 'stray':
      return fault.logless
        ? {
            kind: 'orphan',
            path,
            message: 'The log that says what it is is not there. It is left as it is.',
          }
        : {
            kind: 'orphan',
            path,
            message: 'A file that belongs to no row of its log.',
            remedy: 'It goes to quarantine.',
          }
    case 'unknown':
      return { kind: 'orphan', path, message: 'VSR has not put this here. It is left alone.' }
    case 'too-new':
      return {
        kind: 'damaged',
        path,
        message: 'A newer version of VSR wrote this. It is left as it is: update VSR to read it.',
      }
    case 'unreadable':
      return {
        kind: 'damaged',
        path,
        message: `It cannot be read (${fault.errno}). It is left as it is, since it may be whole.`,
      }
    case 'document':
      return {
        kind: 'damaged',
        path,
        message: 'It is not what VSR writes there.',
        remedy: `It is set aside as ${basename(path)}.bad; ${fault.otherwise}.`,
      }
    case 'figures':
      return {
        kind: 'damaged',
        path,
        message: `What it says of recording ${fault.recordingId} is not what is stored.`,
        remedy: 'The next start counts anew.',
      }
  }
}

const descriptionMessages = {
  missing: 'The recording cannot be opened: its description is not there.',
  broken: 'The recording cannot be opened: its description cannot be read.',
  foreign: 'The recording cannot be opened: this is the description of another one.',
} as const
const descriptionRemedies = {
  missing: 'It is made anew from what the library knows; what else it said is lost.',
  broken:
    'It is made anew from what the library knows; what else it said is lost. The old one goes to quarantine.',
  foreign: 'It gets the id of its folder; the old one goes to quarantine.',
} as const

function remedyOfRow({ row, problem, equal, dependents }: RowFault): string | undefined {
  if (problem === 'unreadable' || problem === 'no-file') return undefined
  const aside = problem === 'changed' ? ' The file goes to quarantine.' : ''
  if (row.kind === 'segment') {
    return row.late === undefined
      ? `It becomes a gap.${aside}`
      : `The gap that it had filled is one again.${aside}`
  }
  if (equal !== undefined) return `It is copied from an equal one of the track.${aside}`
  if (dependents === 0) return `Its row goes: no segment needs it.${aside}`
  const segments = dependents === 1 ? 'The one segment' : `The ${dependents} segments`
  return `${segments} that cannot be played without it become gaps; their files go to quarantine.${aside}`
}

function messageOfHole({ gap }: HoleFault): string {
  const segments = gap.count === 1 ? '1 segment has' : `${gap.count} segments have`
  return `${segments} no row any more, from ${new Date(gap.startMs).toISOString()} on: lines of the log are gone.`
}

const bytes = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`)

const withRemedy = (finding: Finding, remedy: string | undefined): Finding =>
  remedy === undefined ? finding : { ...finding, remedy }
