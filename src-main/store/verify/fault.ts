import type { FileRow } from '../model'
import type { Hole } from './holes'

/** A row whose file is not what was stored. */
export interface RowFault {
  readonly of: 'row'
  readonly trackId: string
  readonly row: FileRow
  readonly path: string
  /** `changed`: a file that is another one; `no-file`: a folder or a link has its name; `unreadable`: nobody knows. */
  readonly problem: 'missing' | 'changed' | 'no-file' | 'unreadable'
  /** A sentence that says what is wrong. */
  readonly detail: string
  /** A whole file of the same bytes: of another initialization section, or key, of the track. */
  readonly equal?: string
  /** Segments that cannot be played without it. */
  readonly dependents: number
}

/** The end of a log that was torn off, or a line of it that is no row. */
interface LogFault {
  readonly of: 'log'
  readonly trackId: string
  readonly path: string
  readonly problem: 'torn' | 'line'
  readonly bytes: number
}

/** Rows are missing in a log, and no gap says so. */
export interface HoleFault extends Hole {
  readonly of: 'hole'
  readonly trackId: string
  /** Of the log. */
  readonly path: string
}

/** What a recording keeps beside its tracks, in lines: spans, activity. */
export interface LinesFault {
  readonly of: 'lines'
  readonly path: string
  readonly name: string
  readonly damaged: number
  readonly torn: boolean
}

/** `recording.json`. */
export interface DescriptionFault {
  readonly of: 'description'
  readonly path: string
  /** `foreign`: that of another recording. */
  readonly problem: 'missing' | 'broken' | 'foreign'
}

/** Everything that can be wrong in a library. */
export type Fault =
  | RowFault
  | LogFault
  | HoleFault
  | LinesFault
  | DescriptionFault
  /** A file that has the name and place of stored footage, and no row. `logless`: there is no log that could name it. */
  | { readonly of: 'stray'; readonly path: string; readonly logless: boolean }
  /** Not VSR's own. */
  | { readonly of: 'unknown'; readonly path: string }
  | { readonly of: 'too-new'; readonly path: string }
  | { readonly of: 'unreadable'; readonly path: string; readonly errno: string }
  /** A file of the library's own folder that is not what VSR writes. `otherwise`: what holds where it is set aside. */
  | { readonly of: 'document'; readonly path: string; readonly otherwise: string }
  /** library.json has figures that the logs do not have. */
  | { readonly of: 'figures'; readonly path: string; readonly recordingId: string }
