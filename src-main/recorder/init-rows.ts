import type { Logger } from '../ports/logger'
import type { TrackStore } from '../store/model'
import type { PlannedSegment } from './plan'
import { discardTemp } from './segments/discard-temp'
import type { FetchedInit } from './segments/download-segment'

/** The initialization sections in a track's log, each once. */
export interface InitRows {
  /** Index of the row that holds it, -1 for none at all; undefined where the log has it not yet. */
  indexOf(init: FetchedInit | undefined): number | undefined
  /** The same; stores it first where needed. @throws VsrError of the store. */
  put(init: FetchedInit | undefined, planned: PlannedSegment): Promise<number>
}

const identityOf = (row: { readonly checksum: number; readonly bytes: number }) =>
  `${row.checksum} ${row.bytes}`

export function createInitRows(options: { track: TrackStore; logger: Logger }): InitRows {
  const { track, logger } = options
  const known = new Map<string, number>()
  const { index } = track
  for (let position = 0; position < index.length; position += 1) {
    if (index.kindAt(position) !== 'init') continue
    const row = index.rowAt(position)
    if (row.kind === 'init') known.set(identityOf(row), row.index)
  }

  const identityOfFetched = ({ checksum, content }: FetchedInit) =>
    identityOf({ checksum, bytes: content.length })
  const indexOf: InitRows['indexOf'] = (init) => {
    if (init === undefined) return -1
    const row = known.get(identityOfFetched(init))
    // One that nothing needed any more may have been let go.
    return row === undefined || track.index.positionOf(row) === undefined ? undefined : row
  }

  return {
    indexOf,
    async put(init, { epoch, startMs }) {
      const knownIndex = indexOf(init)
      if (init === undefined || knownIndex !== undefined) return knownIndex ?? -1
      const temp = await track.createTemp()
      try {
        await temp.write(init.content)
        const row = await track.commitInit(temp, { epoch, startMs, extension: init.extension })
        known.set(identityOfFetched(init), row.index)
        return row.index
      } catch (error) {
        await discardTemp(temp, logger)
        throw error
      }
    },
  }
}
