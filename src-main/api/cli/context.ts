import { VsrError } from '../../../src-preload/contract/errors'
import type { RecordingSummary, TrashedRecording } from '../../../src-preload/contract/model'
import type { Engine } from '../../engine'
import type { Terminal } from './terminal'

/** What a command has to work with. */
export interface CommandContext {
  readonly terminal: Terminal
  /** Where the person stands: relative paths start here. */
  readonly folder: string
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly interrupted: AbortSignal
  readonly openEngine: (mode: 'write' | 'read') => Promise<Engine>
}

/** Opens an engine for one command and closes it whatever happens. */
export async function withEngine<T>(
  context: CommandContext,
  mode: 'write' | 'read',
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await context.openEngine(mode)
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}

/**
 * The recording that the person means: its id, a unique beginning of it (two letters or more), or `latest`.
 * @throws VsrError `recording_not_found`.
 */
export function findRecording(engine: Engine, reference: string): RecordingSummary {
  return findById(engine.listRecordings(), reference, {
    none: `There is no recording “${reference}”.`,
    hint: '`vsr list` shows the recordings and their ids.',
  })
}

/** As `findRecording`, for what was deleted and can be had back. */
export async function findTrashed(engine: Engine, reference: string): Promise<TrashedRecording> {
  return findById(await engine.listTrash(), reference, {
    none: `There is no recording “${reference}” in the trash.`,
    hint: '`vsr trash` shows what can be had back.',
  })
}

/** @param recordings the latest first. */
function findById<T extends { readonly id: string }>(
  recordings: readonly T[],
  reference: string,
  words: { readonly none: string; readonly hint: string },
): T {
  const exact = recordings.find(({ id }) => id === reference)
  if (exact !== undefined) return exact
  const [match, ...others] =
    reference === 'latest'
      ? recordings.slice(0, 1)
      : recordings.filter(({ id }) => reference.length >= 2 && id.startsWith(reference))
  if (match !== undefined && others.length === 0) return match
  throw new VsrError(
    'recording_not_found',
    match === undefined ? words.none : `More than one recording begins with “${reference}”.`,
    { hint: words.hint },
  )
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
