import { VsrError } from '../../../src-preload/contract/errors'
import type { RecordingSummary } from '../../../src-preload/contract/model'
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
  const recordings = engine.listRecordings()
  const exact = recordings.find(({ id }) => id === reference)
  if (exact !== undefined) return exact
  const [match, ...others] =
    reference === 'latest'
      ? recordings.slice(0, 1)
      : recordings.filter(({ id }) => reference.length >= 2 && id.startsWith(reference))
  if (match !== undefined && others.length === 0) return match
  throw new VsrError(
    'recording_not_found',
    match === undefined
      ? `There is no recording “${reference}”.`
      : `More than one recording begins with “${reference}”.`,
    { hint: '`vsr list` shows the recordings and their ids.' },
  )
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
