import { ACTIVITY_BOUND_BYTES, ACTIVITY_NAME, isActivityLine } from '../activity-log'
import { SPANS_BOUND_BYTES, SPANS_NAME } from '../span-log'
import { decodeSpan } from '../span-row'
import { VsrError } from '../../../src-preload/contract/errors'
import { errnoOf } from '../store-error'
import type { FilePort } from '../file-port'

/** A file of lines that a recording keeps beside its tracks. */
export interface LineFileKind {
  readonly name: string
  /** Nothing of VSR makes it larger. */
  readonly boundBytes: number
  /** Throws VsrError `library_too_new` for a line that forbids to touch the file. */
  readonly isWhole: (line: string) => boolean
}

export const lineFileKinds: readonly LineFileKind[] = [
  {
    name: SPANS_NAME,
    boundBytes: SPANS_BOUND_BYTES,
    isWhole(line) {
      const span = decodeSpan(line)
      if (span === 'too-new') {
        throw new VsrError('library_too_new', 'A newer version of VSR wrote these spans.')
      }
      return span !== 'damaged'
    },
  },
  { name: ACTIVITY_NAME, boundBytes: ACTIVITY_BOUND_BYTES, isWhole: isActivityLine },
]

/** What is wrong with the lines of a file, and what is left without that. */
export interface LinesState {
  readonly damaged: number
  readonly torn: boolean
  /** Whole lines as they are, newlines included. */
  readonly whole: string
}

/** Pure. Throws VsrError `library_too_new`. */
function stateOfLines(data: Uint8Array, isWhole: LineFileKind['isWhole']): LinesState {
  const lines = Buffer.from(data).toString().split('\n')
  const last = lines.pop() ?? ''
  const whole = lines.filter(isWhole)
  return {
    damaged: lines.length - whole.length,
    torn: last !== '',
    whole: whole.map((line) => `${line}\n`).join(''),
  }
}

/** Undefined where there is none. Throws VsrError `library_too_new`, errno errors; EFBIG where VSR would pass over it. */
export async function readLines(
  files: FilePort,
  path: string,
  { boundBytes, isWhole }: LineFileKind,
): Promise<LinesState | undefined> {
  try {
    if ((await files.stat(path)).bytes > boundBytes) {
      throw Object.assign(new Error(`EFBIG: '${path}'`), { code: 'EFBIG' })
    }
    return stateOfLines(await files.readFile(path), isWhole)
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}
