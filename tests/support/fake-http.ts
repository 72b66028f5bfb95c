import { type HttpClient, HttpError, type HttpRequest } from '../../src-main/fetch/http'

/** What the fake source answers to a request. */
export type FakeAnswer =
  | { readonly body: string | Uint8Array; readonly url?: string }
  | { readonly status: 401 | 403 | 404 | 410 | 500 }
  | { readonly error: Error }
  /** The answer comes when the promise does; `begun`: bytes of its body that come at once. */
  | { readonly later: Promise<FakeAnswer>; readonly begun?: Uint8Array }

export interface FakeHttp extends HttpClient {
  /** Everything that was asked for, in order. */
  readonly requests: readonly HttpRequest[]
}

const codes = {
  401: 'source_forbidden',
  403: 'source_forbidden',
  404: 'source_not_found',
  410: 'source_gone',
  500: 'source_http_error',
} as const

/** An HTTP client whose source is a function. `count`: how often this URL was asked for before. */
export function createFakeHttp(
  answer: (request: HttpRequest, count: number) => FakeAnswer,
): FakeHttp {
  const requests: HttpRequest[] = []
  const settle = async (given: FakeAnswer, request: HttpRequest) => {
    let current = given
    while ('later' in current) current = await current.later
    request.signal.throwIfAborted()
    if ('error' in current) throw current.error
    if ('status' in current) {
      const { status } = current
      throw new HttpError(codes[status], `The source answered with ${status}.`, { status })
    }
    const body = typeof current.body === 'string' ? Buffer.from(current.body) : current.body
    return { status: 200, url: current.url ?? request.url, contentType: '', body }
  }
  const answerTo = (request: HttpRequest) => {
    const count = requests.filter((earlier) => earlier.url === request.url).length
    requests.push(request)
    return answer(request, count)
  }
  const ask = async (request: HttpRequest) => await settle(answerTo(request), request)
  return {
    requests,
    async text(request) {
      const { body, ...response } = await ask(request)
      return { ...response, text: Buffer.from(body).toString('utf8') }
    },
    bytes: ask,
    async stream(request, sink) {
      const given = answerTo(request)
      if ('later' in given && given.begun !== undefined) await sink.write(given.begun)
      const { body } = await settle(given, request)
      const half = body.length >> 1
      await sink.write(body.subarray(0, half))
      await sink.write(body.subarray(half))
      return await sink.end()
    },
    close() {
      requests.length = 0
    },
  }
}
