import type { Storage } from '../../src-preload/contract/model'
import { formatBytes, formatMomentAhead } from '../ui/format'
import { texts } from '../ui/texts'

/** What is said of the disk: how much is free and until when, and what comes; `tone` where somebody should look. */
export function storageWords(
  storage: Storage,
  nowMs: number,
): { readonly first: string; readonly second: string; readonly tone?: 'warn' | 'bad' } {
  const { freeBytes, fullMs, letGoBytes, bytesPerHour, state, limitsOff } = storage
  const words = texts.storage
  const free = freeBytes === undefined ? '' : words.free(formatBytes(freeBytes))
  const full = fullMs === undefined ? '' : words.full(formatMomentAhead(fullMs, nowMs))
  const first =
    state === 'full' ? words.paused : [free, full].filter((text) => text !== '').join(' · ')
  const goes = letGoBytes > 0 ? words.letGo(formatBytes(letGoBytes)) : ''
  const grows = bytesPerHour > 0 ? words.grows(formatBytes(bytesPerHour)) : ''
  const second = limitsOff ? words.limitsOff : goes || grows
  if (state === 'full') return { first, second: free, tone: 'bad' }
  return { first, second, ...(state === 'low' || limitsOff ? { tone: 'warn' as const } : {}) }
}
