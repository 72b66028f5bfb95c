import { describe, expect, it } from 'vitest'
import { reloadDelayMs } from '../../../../src-main/hls/follow/reload-delay'

describe('reloadDelayMs', () => {
  it.each([
    { targetDurationSec: 6, changed: true, elapsedMs: 0, delayMs: 6000 },
    { targetDurationSec: 6, changed: false, elapsedMs: 0, delayMs: 3000 },
    { targetDurationSec: 6, changed: true, elapsedMs: 500, delayMs: 5500 },
    { targetDurationSec: 6, changed: true, elapsedMs: 9000, delayMs: 0 },
    { targetDurationSec: 0, changed: true, elapsedMs: 0, delayMs: 500 },
    { targetDurationSec: 0.4, changed: false, elapsedMs: 100, delayMs: 400 },
    { targetDurationSec: Number.NaN, changed: true, elapsedMs: 0, delayMs: 500 },
    { targetDurationSec: 4, changed: false, elapsedMs: -50, delayMs: 2000 },
  ])(
    'F01 F02 waits $delayMs ms (target $targetDurationSec s, changed $changed, $elapsedMs ms gone)',
    ({ delayMs, ...options }) => {
      expect(reloadDelayMs(options)).toBe(delayMs)
    },
  )
})
