import { STATUS_CODES } from 'node:http'
import { type ApiError, VsrError } from '../../src-preload/contract/errors'
import { httpStatusOf } from './http-status'

export const PROBLEM_TYPE = 'application/problem+json'

/** An error answer (RFC 9457). `ok` and `error` are what API clients look at in every reply. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ApiError['code']
  readonly detail: string
  readonly hint?: string
  readonly ok: false
  readonly error: ApiError
}

/** What a person may know of a failure; `unexpected` failures are bugs and belong in the log. */
export function describeFailure(error: unknown): {
  readonly apiError: ApiError
  readonly unexpected: boolean
} {
  if (error instanceof VsrError) return { apiError: error.toApiError(), unexpected: false }
  return {
    apiError: {
      code: 'internal',
      message: 'Something went wrong inside VSR. What it was stands in the log.',
    },
    unexpected: true,
  }
}

/** The problem document of an error; `status` where HTTP knows a more exact one than the code. */
export function problemOf(error: ApiError, status = httpStatusOf(error.code)): Problem {
  return {
    type: `urn:vsr:error:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ok: false,
    error,
  }
}
