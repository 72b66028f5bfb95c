import { z } from 'zod'
import { apiErrorSchema } from '../../../src-preload/contract/errors'
import type { Definitions, Playlist } from '../playlist'

/** What the parser thread is asked. One question at a time. */
export interface ParseRequest {
  readonly text: string
  readonly url: string
  readonly definitions?: Definitions
}

/** Sent once, when the thread can take questions. */
export const READY = 'ready'

/** The outer shape of an answer. What is inside a playlist was built by our own code in the thread and is a structured-clone copy: it cannot carry prototypes or functions. */
export const parseReplySchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    playlist: z.custom<Playlist>(
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        (('kind' in value && value.kind === 'media' && 'segments' in value) ||
          ('kind' in value && value.kind === 'multivariant' && 'variants' in value)),
    ),
  }),
  z.object({ ok: z.literal(false), error: apiErrorSchema }),
])
export type ParseReply = z.infer<typeof parseReplySchema>
