import { z } from 'zod'
import { apiErrorSchema } from '../../src-preload/contract/errors'
import { type MethodName, type MethodOutput, methods } from '../../src-preload/contract/methods'
import type { Reply } from '../../src-preload/contract/transport'
import { texts } from '../ui/texts'

const failedSchema = z.object({ ok: z.literal(false), error: apiErrorSchema })
/** What the local server's guard answers before a call reaches the dispatcher. */
const problemSchema = z.object({ code: z.string(), detail: z.string() })

/** Reads the body of an answer; whatever does not keep to the contract becomes a failure with a sentence. */
export function readReply<M extends MethodName>(method: M, body: unknown): Reply<MethodOutput<M>> {
  // The table's own type: TypeScript does not look a generic name up in it.
  const output = methods[method].output as unknown as z.ZodType<MethodOutput<M>>
  const succeeded = z.object({ ok: z.literal(true), value: output }).safeParse(body)
  if (succeeded.success) return { ok: true, value: succeeded.data.value }
  const failed = failedSchema.safeParse(body)
  if (failed.success) return failed.data
  const problem = problemSchema.safeParse(body)
  const error = apiErrorSchema.safeParse(
    problem.success ? { code: problem.data.code, message: problem.data.detail } : undefined,
  )
  return { ok: false, error: error.success ? error.data : texts.errors.unreadableAnswer }
}
