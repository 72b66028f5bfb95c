import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { crc32 } from 'node:zlib'
import { systemClock } from '../../src-main/ports/clock'
import { silentLogger } from '../../src-main/ports/logger'
import { openLibrary } from '../../src-main/store/library'
import type { SegmentRow } from '../../src-main/store/model'
import { parseCatalogue } from '../../src-main/store/catalogue'
import { readIfThere } from '../../src-main/store/durable-files'
import { nodeFilePort } from '../../src-main/store/node-file-port'
import { buildChild } from './build-child'
import { startProcess } from './processes'

/** Makes the program that is killed ready to run. @returns its file. */
export const buildStoreChild = (): Promise<string> => buildChild('fault-store-child')

/**
 * Runs the child over a library and kills it.
 * @param options.from counted from its start, or from its first acknowledgement.
 * @returns what it acknowledged. Throws where it said an error.
 */
export async function runAndKill(options: {
  readonly child: string
  readonly library: string
  readonly afterMs: number
  readonly from: 'start' | 'acknowledgement'
}): Promise<SegmentRow[]> {
  const { child: file, library, afterMs, from } = options
  let said = ''
  let onFirst: () => void = () => {}
  const first = new Promise<void>((resolve) => {
    onFirst = resolve
  })
  const child = await startProcess({
    command: process.execPath,
    args: [file, library],
    onStdout: (text) => {
      said += text
      if (said.includes('\n')) onFirst()
    },
  })
  if (from === 'acknowledgement') await Promise.race([first, child.exited])
  await systemClock.sleep(afterMs)
  await child.stop({ signal: 'SIGKILL' })
  if (child.stderr !== '') throw new Error(child.stderr)
  // A line without its end was not heard whole; the row may be there all the same.
  return said
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as SegmentRow)
}

/** What became of acknowledged segments. */
interface Survival {
  /** Rows that are not there, or are others. */
  readonly lost: number
  /** Rows whose file is not there, or holds other bytes. */
  readonly damaged: number
}

/** Looks for acknowledged segments in a library as its next process would find it. */
export async function findAcknowledged(
  root: string,
  acknowledged: readonly SegmentRow[],
  mode: 'write' | 'read',
): Promise<Survival> {
  const library = await openLibrary({ root, mode, clock: systemClock, logger: silentLogger })
  let lost = 0
  let damaged = 0
  try {
    const [track] = (await library.list()[0]?.tracks()) ?? []
    for (const row of acknowledged) {
      const position = track?.index.positionOf(row.index)
      if (track === undefined || position === undefined) lost += 1
      else if (!isDeepStrictEqual(track.index.rowAt(position), row)) lost += 1
      else if (!holds(track.pathOf(row), row)) damaged += 1
    }
  } finally {
    await library.close()
  }
  return { lost, damaged }
}

function holds(file: string, { bytes, checksum }: SegmentRow): boolean {
  const data = readFileSync(file)
  return data.length === bytes && crc32(data) === checksum
}

/** Whether the catalogues, as far as there are some, are whole files at this moment: nothing has been mended yet. */
export async function areCataloguesWhole(root: string): Promise<boolean> {
  for (const name of ['library.json', 'library.previous.json']) {
    const data = await readIfThere(nodeFilePort, path.join(root, name))
    if (data !== undefined && parseCatalogue(data) === undefined) return false
  }
  return true
}
