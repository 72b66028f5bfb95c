import type { MediaExtension } from '../store/model'

/** What the name of a served part says: ids and numbers, nothing that could be a path (SECURITY S05). */
export interface PartName {
  readonly recordingId: string
  readonly trackId: string
  readonly epoch: number
  readonly mediaSequence: number
  readonly partIndex: number
  readonly extension: MediaExtension
}

const extensions: readonly MediaExtension[] = ['ts', 'm4s', 'aac', 'mp3', 'ac3', 'vtt']
const number = '(0|[1-9][0-9]{0,14})'
const namePattern = new RegExp(
  `^([a-z0-9]{8,32})-([a-z]{1,4}[0-9]{1,4})-p${number}-${number}-${number}\\.([a-z0-9]{2,3})$`,
)

/** The name that the playlist gives a part: `<recordingId>-<trackId>-p<epoch>-<mediaSequence>-<part>.<ext>`. Undefined for every other text. */
export function parsePartName(text: string): PartName | undefined {
  const [, recordingId, trackId, epoch, mediaSequence, partIndex, ending] =
    namePattern.exec(text) ?? []
  const extension = extensions.find((known) => known === ending)
  if (recordingId === undefined || trackId === undefined || extension === undefined)
    return undefined
  return {
    recordingId,
    trackId,
    epoch: Number(epoch),
    mediaSequence: Number(mediaSequence),
    partIndex: Number(partIndex),
    extension,
  }
}
