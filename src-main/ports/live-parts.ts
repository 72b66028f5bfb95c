/** A part of a segment, in memory. */
export interface LivePart {
  readonly durationSec: number
  /** Playing can begin with it. */
  readonly independent: boolean
  readonly body: Uint8Array
}

/** A segment of which parts are at hand: the one in progress, or one that was stored a moment ago. */
export interface LiveSegment {
  /** With the media sequence number, how the segment's row is known. */
  readonly epoch: number
  readonly mediaSequence: number
  /** From the first one on, without a hole. */
  readonly parts: readonly LivePart[]
}

/** What of a track is in memory, oldest first. */
export interface LiveTrack {
  /** Longest part, as the source declares it. */
  readonly partTargetSec: number
  readonly segments: readonly LiveSegment[]
}

/** Where the recorder shows what it has before it is stored. */
export interface LivePartsWriter {
  /** Takes the place of what was there; undefined where nothing is at hand any more. */
  put(recordingId: string, trackId: string, live: LiveTrack | undefined): void
}

/** Where the local server finds it. */
export interface LivePartsReader {
  get(recordingId: string, trackId: string): LiveTrack | undefined
  /** Called after each change of a recording. Returns the function that ends it. */
  onChange(listener: (recordingId: string) => void): () => void
}

/** The one place between recorder and local server, which do not know each other. */
export function createLiveParts(): LivePartsWriter & LivePartsReader {
  const tracks = new Map<string, LiveTrack>()
  const listeners = new Set<(recordingId: string) => void>()
  const keyOf = (recordingId: string, trackId: string) => `${recordingId}/${trackId}`
  return {
    put(recordingId, trackId, live) {
      const key = keyOf(recordingId, trackId)
      if (live === undefined && !tracks.has(key)) return
      if (live === undefined) tracks.delete(key)
      else tracks.set(key, live)
      for (const listener of listeners) listener(recordingId)
    },
    get: (recordingId, trackId) => tracks.get(keyOf(recordingId, trackId)),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
