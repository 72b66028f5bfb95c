import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'

const querySchema = z.object({
  recording: z.string().max(64).optional(),
  track: z.string().max(16).optional(),
  dvr: z.enum(['0', '1']).optional(),
  late: z.coerce.number().int().nonnegative().optional(),
  sound: z.literal('none').optional(),
  token: z.unknown().optional(),
  _HLS_msn: z.coerce.number().int().nonnegative().optional(),
  _HLS_part: z.coerce.number().int().nonnegative().optional(),
})

/** What a playlist URL may ask for after the `?`. */
export interface PlaylistQuery {
  readonly recordingId: string | undefined
  readonly trackId: string | undefined
  readonly dvr: boolean
  /** Late segments up to this number are shown, and no others: those that there were when the player began. */
  readonly lateNumber: number | undefined
  /** The picture alone, where its sound is a track of its own. */
  readonly withoutSound: boolean
  /** To be carried on to the URIs inside; only where it can be written without harm. */
  readonly token: string | undefined
  /** Blocking reload (rfc8216bis 6.2.5.2): answer once this segment, or this part of it, is listed. */
  readonly awaited: { readonly msn: number; readonly part: number | undefined } | undefined
}

/** Reads a query; throws VsrError `bad_request`. */
export function readPlaylistQuery(query: unknown): PlaylistQuery {
  const parsed = querySchema.safeParse(query)
  if (!parsed.success) {
    throw new VsrError('bad_request', 'The query of this playlist URL is not understood.', {
      hint: 'Known are recording=ID, track=ID, dvr=1, sound=none and token.',
    })
  }
  const { recording, track, dvr, late, sound, token, _HLS_msn: msn, _HLS_part: part } = parsed.data
  const writable = typeof token === 'string' && /^[A-Za-z0-9_-]{1,256}$/.test(token)
  return {
    recordingId: recording,
    trackId: track,
    dvr: dvr === '1',
    lateNumber: late,
    withoutSound: sound === 'none',
    token: writable ? token : undefined,
    awaited: msn === undefined ? undefined : { msn, part },
  }
}

/** The query of a track's own media playlist, next to the multivariant playlist that was asked for. */
export function trackQuery(query: PlaylistQuery, trackId: string, recordingId: string): string {
  return new URLSearchParams({
    track: trackId,
    ...(query.lateNumber === undefined ? {} : { late: String(query.lateNumber) }),
    ...(query.recordingId === undefined ? {} : { recording: recordingId }),
    ...(query.dvr ? { dvr: '1' } : {}),
    ...(query.token === undefined ? {} : { token: query.token }),
  }).toString()
}

/** What is put behind a segment's name. */
export function segmentSuffix(query: PlaylistQuery): string {
  return query.token === undefined ? '' : `?token=${query.token}`
}
