import type { BodySink } from '../../fetch/http'
import type { Logger } from '../../ports/logger'
import type { MediaExtension, TempFile, TrackStore } from '../../store/model'
import { discardTemp } from './discard-temp'
import { createFramingCheck, type FramingCheck } from '../framing/media-framing'

/** Media in a temporary file, durable, and whole as far as their framing tells. */
export interface WrittenMedia {
  readonly temp: TempFile
  readonly extension: MediaExtension
  /** As {@link FramingCheck.mediaSec}. */
  readonly mediaSec: FramingCheck['mediaSec']
}

/** Takes a segment into a temporary file of the track; the caller commits or discards it. */
export interface MediaSink extends BodySink<WrittenMedia> {
  /** Of a sink that was not ended, or whose end failed. */
  discard(): Promise<void>
}

/** @throws at `write` and `end` VsrError of the framing check (`not_media`, `truncated`) or the store. */
export async function openMediaSink(options: {
  track: TrackStore
  logger: Logger
}): Promise<MediaSink> {
  const { track, logger } = options
  const check = createFramingCheck({ expect: 'segment' })
  const temp = await track.createTemp()
  return {
    write(chunk) {
      check.push(chunk)
      return temp.write(chunk)
    },
    async end() {
      const extension = check.finish()
      await temp.sync()
      return { temp, extension, mediaSec: check.mediaSec }
    },
    discard: () => discardTemp(temp, logger),
  }
}
