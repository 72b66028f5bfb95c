import { z } from 'zod'
import { activitySchema } from './activity'
import {
  exportJobSchema,
  gapSchema,
  recordingIdSchema,
  recordingSummarySchema,
  settingsSchema,
} from './model'
import { uploadJobSchema } from './upload'

/** What happened. Events tell; they never drive the work. */
export const eventSchema = z.discriminatedUnion('type', [
  /** State, length or figures changed; at most a few a second for one recording. */
  z.object({ type: z.literal('recording.updated'), recording: recordingSummarySchema }),
  z.object({ type: z.literal('recording.removed'), id: recordingIdSchema }),
  /** Something went into the trash, or left it. */
  z.object({ type: z.literal('trash.updated') }),
  /** Something was let go, the disk is short of space or no longer is, or the figures moved on: `storage.get` has them. */
  z.object({ type: z.literal('storage.updated') }),
  /** Segments did not come in their turn. Those that come later count as fewer gaps in `recording.updated`. */
  z.object({ type: z.literal('recording.gap'), id: recordingIdSchema, gap: gapSchema }),
  /** The source marked a stretch, or said where one ends: the timeline has it. */
  z.object({ type: z.literal('recording.spans'), id: recordingIdSchema }),
  /** A stretch of it was pinned, or is no longer. */
  z.object({ type: z.literal('recording.pins'), id: recordingIdSchema }),
  /** Something happened that is kept with the recording. */
  z.object({
    type: z.literal('recording.activity'),
    id: recordingIdSchema,
    activity: activitySchema,
  }),
  z.object({ type: z.literal('export.updated'), job: exportJobSchema }),
  z.object({ type: z.literal('upload.updated'), upload: uploadJobSchema }),
  z.object({ type: z.literal('settings.updated'), settings: settingsSchema }),
])
export type VsrEvent = z.infer<typeof eventSchema>
