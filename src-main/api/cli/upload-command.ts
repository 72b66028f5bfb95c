import { stat } from 'node:fs/promises'
import path from 'node:path'
import { VsrError } from '../../../src-preload/contract/errors'
import type { Engine } from '../../engine'
import { type CommandContext, withEngine } from './context'
import { formatBytes } from './format'
import { percentProgress } from './percent-progress'

/** How `vsr upload` and `vsr export --upload` are told where to. */
export interface UploadOptions {
  /** `s3://bucket/folder`. */
  readonly to: string
  readonly endpoint?: string | undefined
  readonly removeLocal?: boolean
}

/**
 * `vsr upload <file or export>`: brings a file to an object store.
 * @returns the exit code.
 */
export async function uploadCommand(
  context: CommandContext,
  reference: string,
  options: UploadOptions,
): Promise<number> {
  return withEngine(context, 'read', async (engine) => {
    const file = await findFile(context, engine, reference)
    context.terminal.emit({ event: 'result', ...(await runUpload(context, engine, file, options)) })
    return 0
  })
}

/** Uploads one file, reporting progress; Ctrl-C ends it, and the same command goes on where it was. */
export async function runUpload(
  { terminal, interrupted }: CommandContext,
  engine: Engine,
  file: string,
  { to, endpoint, removeLocal = false }: UploadOptions,
) {
  const uploaded = await engine.uploadFile({
    file,
    to,
    endpoint,
    removeLocal,
    signal: interrupted,
    onProgress: percentProgress(terminal, 'uploading'),
    onTrouble({ code, message }, delayMs) {
      const retryInSec = Math.ceil(delayMs / 1000)
      terminal.emit({ event: 'trouble', code, message, retryInSec })
      terminal.say(`${message} Tried again in ${retryInSec} s.`)
    },
  })
  const { address, bytes, bytesBefore, localRemoved } = uploaded
  const parts = [address, formatBytes(bytes), 'size and checksum compared']
  if (bytesBefore > 0) parts.push(`${formatBytes(bytesBefore)} were there already`)
  if (localRemoved) parts.push(`${path.basename(file)} removed here`)
  terminal.say(parts.join(' · '))
  return { ...uploaded, file }
}

/** The file that the person means: a path, an export's id or a beginning of it, or `latest`. */
async function findFile(
  { folder }: CommandContext,
  engine: Engine,
  reference: string,
): Promise<string> {
  const typed = path.resolve(folder, reference)
  const isThere = await stat(typed).then(
    (found) => found.isFile(),
    () => false,
  )
  if (isThere) return typed
  const exports = (await engine.listExports()).filter(({ result }) => result !== undefined)
  const matching =
    reference === 'latest'
      ? exports.slice(0, 1)
      : exports.filter(({ jobId }) => reference.length >= 4 && jobId.startsWith(reference))
  const [match, ...others] = matching
  if (match?.result !== undefined && others.length === 0) return match.result.file
  throw new VsrError('export_not_found', `There is no file and no export “${reference}”.`, {
    hint: 'Name a file, or `latest` for the newest finished export.',
  })
}
