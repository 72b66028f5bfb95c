import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { VsrError } from '../../src-preload/contract/errors'
import type { Logger } from '../ports/logger'
import { describeFailure, PROBLEM_TYPE, problemOf } from './problem'

/** Makes every failed request end in `application/problem+json` with a stable code and no stack trace. */
export function installErrorAnswers(app: FastifyInstance, logger: Logger): void {
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, new VsrError('not_found', 'There is nothing under this address.')),
  )
  app.setErrorHandler((error: FastifyError | VsrError, request, reply) => {
    const known = error instanceof VsrError ? error : refusalOf(error)
    const { unexpected, apiError } = describeFailure(known ?? error)
    const fields = { err: error, method: request.method, route: request.routeOptions.url }
    if (unexpected) logger.error(fields, 'a request failed unexpectedly')
    else if (error.cause !== undefined) logger.warn(fields, apiError.message)
    const status = error instanceof VsrError ? undefined : error.statusCode
    return sendProblem(reply, known ?? error, status)
  })
}

/** Answers what the router refuses before any hook runs: an address that is no address. */
export function answerRouterError(
  error: FastifyError,
  _request: unknown,
  reply: FastifyReply,
): void {
  const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH'
  void sendProblem(
    reply,
    tooLong
      ? new VsrError('not_found', 'There is nothing under this address.')
      : new VsrError('bad_request', 'The address cannot be read.'),
  )
}

function sendProblem(reply: FastifyReply, error: unknown, status?: number): FastifyReply {
  const problem = problemOf(describeFailure(error).apiError, status)
  // As bytes: to text the framework would add a charset, which this type does not have.
  return reply
    .code(problem.status)
    .removeHeader('content-length')
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(Buffer.from(JSON.stringify(problem)))
}

/** What fastify itself refuses: a body that is no JSON, too large, of another type. */
function refusalOf(error: FastifyError): VsrError | undefined {
  const { statusCode = 500 } = error
  if (statusCode === 413) return new VsrError('too_large', 'The request is too large.')
  if (statusCode === 415) return new VsrError('bad_request', 'The body has to be JSON.')
  if (statusCode >= 400 && statusCode < 500) {
    return new VsrError('bad_request', 'The request cannot be read: its body is not valid JSON.')
  }
  return undefined
}
