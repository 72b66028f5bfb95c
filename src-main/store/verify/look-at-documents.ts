import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parseCatalogue } from '../catalogue'
import { readIfThere } from '../durable-files'
import type { FilePort } from '../file-port'
import { CATALOGUE_NAME } from '../paths'
import type { Fault } from './fault'
import type { RecordingLook } from './look-at-recording'
import { attempt } from './look-at-track'

/** A JSON file in the library's folder that others than the store write. */
export interface LibraryDocument {
  readonly name: string
  /** Whether that is what VSR writes there. */
  readonly accepts: (value: unknown) => boolean
  /** What holds without it, as the end of a sentence. */
  readonly otherwise: string
}

/** Whether the files of the library's own folder can be read. One that is not there is none that is wrong. */
export async function lookAtDocuments(options: {
  readonly files: FilePort
  readonly root: string
  readonly documents: readonly LibraryDocument[]
}): Promise<readonly Fault[]> {
  const { files, root, documents } = options
  const faults: Fault[] = []
  for (const { name, accepts, otherwise } of [catalogueDocument, ...documents]) {
    const path = join(root, name)
    const read = await attempt(path, () => readIfThere(files, path))
    if (read.fault !== undefined) faults.push(read.fault)
    else if (read.value !== undefined && !accepts(jsonOf(read.value))) {
      faults.push({ of: 'document', path, otherwise })
    }
  }
  return faults
}

const catalogueDocument: LibraryDocument = {
  name: CATALOGUE_NAME,
  accepts: (value) => parseCatalogue(Buffer.from(JSON.stringify(value ?? null))) !== undefined,
  otherwise: 'the next start makes it anew from the recordings',
}

/** Undefined for a text that is no JSON. */
function jsonOf(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString())
  } catch {
    return undefined
  }
}

/**
 * Whether library.json has the figures of the logs, where it claims to know them: at their present length. What it does not know yet
 * is counted at the next start.
 */
export async function lookAtFigures(options: {
  readonly files: FilePort
  readonly root: string
  readonly figures: ReadonlyMap<string, RecordingLook['figures']>
}): Promise<readonly Fault[]> {
  const { files, root, figures } = options
  const path = join(root, CATALOGUE_NAME)
  const data = (await attempt(path, () => readIfThere(files, path))).value
  const entries = (data === undefined ? undefined : parseCatalogue(data)) ?? []
  return entries.flatMap((entry): Fault[] => {
    const isRight = entry.tracks.every((kept) => {
      const stored = figures.get(entry.id)?.get(kept.id)
      return stored?.logBytes !== kept.logBytes || isDeepStrictEqual(stored.figures, kept.figures)
    })
    return isRight ? [] : [{ of: 'figures', path, recordingId: entry.id }]
  })
}
