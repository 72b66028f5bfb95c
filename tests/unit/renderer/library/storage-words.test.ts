import { describe, expect, it } from 'vitest'
import { storageWords } from '../../../../src-renderer/library/storage-words'
import { gigabytesText, parseGigabytes } from '../../../../src-renderer/settings/gigabytes'
import { formatMomentAhead } from '../../../../src-renderer/ui/format'
import type { Storage } from '../../../../src-preload/contract/model'

const nowMs = new Date(2026, 2, 2, 9, 0).getTime()
const at = (day: number, hour: number) => new Date(2026, 2, day, hour, 30).getTime()
const storage = (change: Partial<Storage> = {}): Storage => ({
  freeBytes: 41.2e9,
  totalBytes: 100e9,
  headroomBytes: 1e9,
  state: 'ok',
  trashBytes: 0,
  bytesPerHour: 0,
  letGoBytes: 0,
  limitsOff: false,
  recordings: [],
  ...change,
})

describe('what is said of the disk', () => {
  it('is how much is free, until when, and what comes', () => {
    expect(storageWords(storage(), nowMs)).toEqual({ first: '41.2 GB free', second: '' })
    const growing = storage({ bytesPerHour: 1.2e9, fullMs: at(4, 14) })
    expect(storageWords(growing, nowMs)).toEqual({
      first: '41.2 GB free · full on Wednesday 14:30',
      second: 'grows by 1.20 GB an hour',
    })
    const letGo = storage({ bytesPerHour: 1.2e9, letGoBytes: 12.3e9 })
    expect(storageWords(letGo, nowMs).second).toBe('will delete 12.3 GB by tomorrow')
  })

  it('F31 stands out before it is full, and says that recording pauses', () => {
    expect(storageWords(storage({ state: 'low' }), nowMs).tone).toBe('warn')
    expect(storageWords(storage({ state: 'full', freeBytes: 4e8 }), nowMs)).toEqual({
      first: 'Disk full: recording pauses',
      second: '400 MB free',
      tone: 'bad',
    })
  })

  it('names a moment to come as people do', () => {
    expect(formatMomentAhead(at(2, 14), nowMs)).toBe('at 14:30')
    expect(formatMomentAhead(at(3, 4), nowMs)).toBe('on Tuesday 04:30')
    expect(formatMomentAhead(at(24, 4), nowMs)).toBe('on 2026-03-24')
  })

  it('takes sizes as they are typed', () => {
    expect(parseGigabytes('12,5')).toBe(12.5e9)
    expect(gigabytesText(12.5e9)).toBe('12.5')
    expect(parseGigabytes('0')).toBe(0)
    for (const text of ['', '-1', 'much', '1e9', '9999999']) {
      expect(parseGigabytes(text)).toBeUndefined()
    }
  })
})
