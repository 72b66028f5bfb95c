import { z } from 'zod'
import { apiErrorSchema } from './errors'

const instantMs = z.number().int().nonnegative()
const label = z.string().max(200)
export const trackKindSchema = z.enum(['video', 'audio', 'subtitles'])
export type TrackKind = z.infer<typeof trackKindSchema>

/** Which track something is about, and what the source calls it; the label is empty where it has no name. */
const trackRef = { track: z.string().max(16), kind: trackKindSchema, label }

/** A track beside the picture that cannot be had at the moment. The others go on. */
export const trackTroubleSchema = z.object({
  ...trackRef,
  sinceMs: instantMs,
  cause: apiErrorSchema,
  nextTryMs: instantMs.optional(),
})
export type TrackTrouble = z.infer<typeof trackTroubleSchema>

/** Something that happened to a recording and that a person may want to read later. `atMs` is the wall clock. */
export const activitySchema = z.discriminatedUnion('type', [
  /** A track beside the picture could not be had; it is tried on. */
  z.object({
    type: z.literal('track-lost'),
    atMs: instantMs,
    ...trackRef,
    cause: apiErrorSchema,
  }),
  z.object({ type: z.literal('track-back'), atMs: instantMs, ...trackRef }),
  /** What was asked for is not there: something else is recorded instead. */
  z.object({
    type: z.literal('wish'),
    atMs: instantMs,
    about: z.enum(['quality', 'audio', 'subtitles']),
    wanted: label,
    /** What there is instead of it; empty where the source does not say. */
    offered: z.array(label).max(100),
    /** What is recorded; empty for nothing. */
    instead: label,
  }),
  /** Another variant stream of the picture: the connection is too slow for the one before, or fast enough again. */
  z.object({
    type: z.literal('quality'),
    atMs: instantMs,
    from: label,
    to: label,
    direction: z.enum(['down', 'up']),
  }),
  /** A track comes from another pathway, or another copy of a redundant stream. */
  z.object({
    type: z.literal('place'),
    atMs: instantMs,
    ...trackRef,
    /** Its host. */
    host: label,
    /** 1 for the one that the source prefers. */
    number: z.number().int().min(1),
    /** Why the one before was left; absent = the source wants it so. */
    cause: apiErrorSchema.optional(),
  }),
])
export type Activity = z.infer<typeof activitySchema>
