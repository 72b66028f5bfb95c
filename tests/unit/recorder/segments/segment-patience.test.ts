import { describe, expect, it } from 'vitest'
import { HttpError } from '../../../../src-main/fetch/http'
import {
  type Predicament,
  patienceMs,
} from '../../../../src-main/recorder/segments/segment-patience'
import { VsrError } from '../../../../src-preload/contract/errors'

const notFound = new HttpError('source_not_found', 'x', { status: 404 })
const silent = new HttpError('source_timeout', 'x')
const webPage = new VsrError('not_media', 'x')
const listed: Predicament = {
  error: notFound,
  availableMs: 36_000,
  isListed: true,
  isComplete: false,
  isSourceDown: false,
  othersCome: false,
  isHoldingUp: false,
}
const complete = { isComplete: true, error: silent }

describe('patienceMs: how long a segment is waited for', () => {
  it.each<[string, Partial<Predicament>, number]>([
    ['F08 while it is listed and nothing else can be had', {}, Number.POSITIVE_INFINITY],
    [
      'F10 while it is listed and the source is silent',
      { error: silent },
      Number.POSITIVE_INFINITY,
    ],
    ['F08 a moment where others come', { othersCome: true }, 15_000],
    ['F11 a moment where others wait for it', { isHoldingUp: true, error: silent }, 15_000],
    ['F08 as long as RFC 8216 promises once it left the listing', { isListed: false }, 36_000],
    ['F08 a moment where others come', { isListed: false, othersCome: true }, 15_000],
    [
      'F08 no longer than it is there',
      { isListed: false, othersCome: true, availableMs: 4000 },
      4000,
    ],
    ['F09 while the window lasts when the playlist is gone, too', { isSourceDown: true }, 36_000],
    ['F15 as any other answer', { error: webPage, othersCome: true }, 15_000],
    ['F10 six hours of outage of a complete source', complete, 6 * 3_600_000],
    ['one minute of a complete source', { ...complete, othersCome: true }, 60_000],
    ['one minute of a complete source that is held up', { ...complete, isHoldingUp: true }, 60_000],
    ['one minute where a complete source refuses it', { isComplete: true }, 60_000],
    ['F15 no longer than a few attempts of a complete source', { ...complete, error: webPage }, 0],
  ])('%s', (_what, change, expected) => {
    expect(patienceMs({ ...listed, ...change })).toBe(expected)
  })
})
