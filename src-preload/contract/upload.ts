import { z } from 'zod'
import { apiErrorSchema } from './errors'

/** `s3://bucket/folder`, or nothing. What is wrong in detail is said when it is used. */
export const uploadFolderSchema = z
  .string()
  .max(700)
  .regex(/^$|^s3:\/\/[^\s/?#@]+(\/[^\r\n]*)?$/)
/** Of a store that is not Amazon's; without user name and password: keys are never a setting. */
export const uploadEndpointSchema = z
  .string()
  .max(300)
  .regex(/^$|^https?:\/\/[^\s/?#@]+\/?$/)

/** An export on its way to an object store, or there. */
export const uploadJobSchema = z.object({
  uploadId: z.string(),
  exportJobId: z.string(),
  title: z.string(),
  /** On this machine. */
  file: z.string(),
  to: uploadFolderSchema,
  endpoint: uploadEndpointSchema.optional(),
  /** The file here goes when it is there and has been compared. */
  removeLocal: z.boolean(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  percent: z.number().min(0).max(100),
  createdMs: z.number().int().nonnegative(),
  /** While it runs: what failed just now and is tried again. */
  trouble: apiErrorSchema.optional(),
  /** When done: `s3://bucket/folder/file`. */
  address: z.string().optional(),
  localRemoved: z.boolean().optional(),
  error: apiErrorSchema.optional(),
})
export type UploadJob = z.infer<typeof uploadJobSchema>
