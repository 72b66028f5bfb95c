import type { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'
import type { VsrEvent } from '../../src-preload/contract/events'
import { isMethodName, methods } from '../../src-preload/contract/methods'
import type { Reply } from '../../src-preload/contract/transport'
import type { Engine } from '../engine'
import type { Logger } from '../ports/logger'
import { createHandlers } from './handlers'
import type { HostPort } from './host-port'
import { describeFailure } from './problem'

/** The one way into the engine for every host. */
export interface Dispatcher {
  /** Checks the input, calls the handler, and answers; never throws, never rejects. */
  dispatch(method: string, input: unknown): Promise<Reply<unknown>>
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: VsrEvent) => void): () => void
}

/** Joins the contract's table, the engine and a host. */
export function createDispatcher(options: {
  readonly engine: Engine
  readonly host: HostPort
  readonly logger: Logger
}): Dispatcher {
  const { engine, host, logger } = options
  const handlers = createHandlers({ engine, host })

  async function call(method: string, input: unknown): Promise<unknown> {
    if (!isMethodName(method)) {
      throw new VsrError('not_found', 'VSR has no such method.', {
        hint: `Known are ${Object.keys(methods).join(', ')}.`,
      })
    }
    const parsed = methods[method].input.safeParse(input)
    if (!parsed.success) throw badInput(method, parsed.error)
    // The table pairs each schema with its handler; indexing by a union loses that pairing.
    const handle = handlers[method] as (input: unknown) => unknown
    return handle(onlyGiven(input, parsed.data))
  }

  return {
    async dispatch(method, input) {
      try {
        return { ok: true, value: await call(method, input) }
      } catch (error) {
        const { apiError, unexpected } = describeFailure(error)
        if (unexpected) logger.error({ err: error, method }, 'a method failed unexpectedly')
        else logger.debug({ err: error, method, code: apiError.code }, 'a method was refused')
        return { ok: false, error: apiError }
      }
    },
    subscribe: (listener) => engine.onEvent(listener),
  }
}

/**
 * Leaves out what the caller did not send: zod fills in defaults even for fields made optional by
 * `partial()`, and a patch of one setting would reset all the others.
 */
function onlyGiven(input: unknown, parsed: object): object {
  if (typeof input !== 'object' || input === null) return parsed
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => Object.hasOwn(input, key)))
}

function badInput(method: string, error: z.ZodError): VsrError {
  const [issue] = error.issues
  const at = issue?.path.length ? `"${issue.path.join('.')}"` : 'The input'
  return new VsrError('bad_request', `${method}: ${at} is not right: ${issue?.message ?? ''}`)
}
