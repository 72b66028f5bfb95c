import { describe, expect, it } from 'vitest'
import { startOutcome } from '../../../../src-renderer/library/start-outcome'

const failed = { code: 'source_not_found', message: 'There is nothing.' } as const
const first = 'https://first.example/a.m3u8'
const second = 'https://second.example/b.m3u8'

describe('outcome of a start', () => {
  it('empties the bar only of the address that was started', () => {
    expect(startOutcome({ asked: first, typed: first, failed: undefined }).kind).toBe('clear')
    expect(startOutcome({ asked: first, typed: second, failed: undefined }).kind).toBe('keep')
  })

  it('shows a failure under its own address, and names that where another is in the bar', () => {
    expect(startOutcome({ asked: first, typed: first, failed }).kind).toBe('show')
    expect(startOutcome({ asked: first, typed: second, failed })).toEqual({
      kind: 'tell',
      error: { ...failed, message: `${first}: There is nothing.` },
    })
  })
})
