import { describe, expect, it } from 'vitest'
import { readDateRanges } from '../../../src-main/hls/parse/date-range-tag'

const out = 'ID="splice-1",START-DATE="2026-01-01T00:00:04Z",SCTE35-OUT=0xFC'
const startMs = Date.UTC(2026, 0, 1, 0, 0, 4)
const read = (...values: string[]) => readDateRanges(values)[0]

describe('the end of a break that SCTE35-IN tells', () => {
  it('is what the tag says, as RFC 8216 has it', () => {
    const range = read(out, 'ID="splice-1",DURATION=16.5,SCTE35-IN=0xFC')
    expect(range).toMatchObject({ startMs, endMs: startMs + 16_500, scte35: 'out' })
    const dated = 'ID="splice-1",START-DATE="2026-01-01T00:00:09Z",END-DATE="2026-01-01T00:00:20Z"'
    expect(read(out, `${dated},SCTE35-IN=0xFC`)?.endMs).toBe(startMs + 16_000)
  })

  it('is the start of that tag where it has another one and says nothing else', () => {
    const back = 'ID="splice-1",START-DATE="2026-01-01T00:00:20Z",SCTE35-IN=0xFC'
    expect(read(out, back)).toMatchObject({ startMs, endMs: startMs + 16_000 })
    expect(read(out, out.replace('OUT', 'IN'))?.endMs).toBeUndefined()
    expect(read(`${out},PLANNED-DURATION=30`)?.endMs).toBeUndefined()
  })
})
