import { z } from 'zod'
import {
  audioChoiceSchema,
  exportFormatSchema,
  exportJobSchema,
  exportModeSchema,
  pinnedSpanSchema,
  playbackSchema,
  probeSchema,
  lowestQualitySchema,
  qualitySchema,
  recordingDetailSchema,
  recordingIdSchema,
  recordingSummarySchema,
  settingsSchema,
  storageSchema,
  subtitlesChoiceSchema,
  systemInfoSchema,
  timelineSchema,
  trashedRecordingSchema,
} from './model'
import { uploadJobSchema } from './upload'

const method = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({
  input,
  output,
})
const empty = z.strictObject({})
const byId = z.strictObject({ id: recordingIdSchema })
const byJob = z.strictObject({ jobId: z.string().max(64) })
const byUpload = z.strictObject({ uploadId: z.string().max(64) })
/** A place that the person may type: title, name, URL. */
const typedText = z.string().max(8192)
/** Until the year 5138; keeps every instant exactly representable. */
const instantMs = z.number().int().min(0).max(99_999_999_999_999)

const pinnedSpans = z.object({ pinnedSpans: z.array(pinnedSpanSchema) })

/** THE table: what can be asked of the engine, over IPC and over HTTP alike. */
export const methods = {
  'system.info': method(empty, systemInfoSchema),
  'sources.probe': method(z.strictObject({ url: typedText }), probeSchema),
  'recordings.start': method(
    z.strictObject({
      url: typedText,
      quality: qualitySchema.optional(),
      lowest: lowestQualitySchema.optional(),
      audio: audioChoiceSchema.optional(),
      subtitles: subtitlesChoiceSchema.optional(),
      name: z.string().max(500).optional(),
      /** Begins although nothing is there yet: the source is asked until it is live. */
      waitForLive: z.boolean().optional(),
      keepWaiting: z.boolean().optional(),
      /** Refuses (`already_recording`) an address that is being recorded, so that a person can be asked. */
      unlessRecording: z.boolean().optional(),
    }),
    recordingSummarySchema,
  ),
  'recordings.update': method(
    z.strictObject({ id: recordingIdSchema, keepWaiting: z.boolean() }),
    recordingSummarySchema,
  ),
  /** A pinned recording is never let go to make room. */
  'recordings.pin': method(
    z.strictObject({ id: recordingIdSchema, pinned: z.boolean() }),
    recordingSummarySchema,
  ),
  /** As `recordings.pin`, for a stretch of it. */
  'recordings.pinSpan': method(
    z.strictObject({
      id: recordingIdSchema,
      fromMs: instantMs,
      toMs: instantMs,
      name: z.string().max(200).optional(),
    }),
    pinnedSpans,
  ),
  'recordings.unpinSpan': method(
    z.strictObject({ id: recordingIdSchema, spanId: z.string().max(32) }),
    pinnedSpans,
  ),
  'recordings.stop': method(byId, recordingSummarySchema),
  'recordings.list': method(empty, z.array(recordingSummarySchema)),
  'recordings.get': method(byId, recordingDetailSchema),
  /** Into the trash, or for good with `now`. */
  'recordings.delete': method(
    z.strictObject({ id: recordingIdSchema, now: z.boolean().optional() }),
    z.object({ id: recordingIdSchema }),
  ),
  /** Back from the trash. */
  'recordings.restore': method(byId, recordingSummarySchema),
  'trash.list': method(empty, z.array(trashedRecordingSchema)),
  /** Removes for good: those that are named, or all. */
  'trash.empty': method(
    z.strictObject({ ids: z.array(recordingIdSchema).max(10_000).optional() }),
    z.object({ removed: z.array(recordingIdSchema) }),
  ),
  'recordings.timeline': method(byId, timelineSchema),
  /** Where a player finds the whole recording: growing while it runs, VOD after. The renderer builds no URLs. */
  'playback.open': method(byId, playbackSchema),
  'exports.create': method(
    z.strictObject({
      recordingId: recordingIdSchema,
      fromMs: instantMs,
      toMs: instantMs,
      format: exportFormatSchema.optional(),
      mode: exportModeSchema.optional(),
      /** Which sound, where there are several: its name, a language, or its track. Absent = the usual one. */
      audio: z.string().max(200).optional(),
    }),
    z.object({ jobId: z.string() }),
  ),
  'exports.get': method(byJob, exportJobSchema),
  'exports.list': method(empty, z.array(exportJobSchema)),
  'exports.cancel': method(byJob, exportJobSchema),
  /** Shows the finished file in the file manager; `not_available_here` where there is none. */
  'exports.reveal': method(byJob, z.object({ file: z.string() })),
  'storage.get': method(empty, storageSchema),
  /** A finished export, to where the settings say. */
  'uploads.create': method(
    z.strictObject({
      jobId: z.string().max(64),
      /** Absent = as the settings say. */
      removeLocal: z.boolean().optional(),
    }),
    uploadJobSchema,
  ),
  'uploads.get': method(byUpload, uploadJobSchema),
  'uploads.list': method(empty, z.array(uploadJobSchema)),
  'uploads.cancel': method(byUpload, uploadJobSchema),
  /** One that failed or was cancelled, once more. */
  'uploads.retry': method(byUpload, uploadJobSchema),
  'settings.get': method(empty, settingsSchema),
  'settings.set': method(settingsSchema.partial().strict(), settingsSchema),
} as const

export type MethodName = keyof typeof methods
export type MethodInput<M extends MethodName> = z.input<(typeof methods)[M]['input']>
export type MethodOutput<M extends MethodName> = z.output<(typeof methods)[M]['output']>

/** True for a name that stands in the table itself (not `__proto__`, not `toString`). */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name)
}
