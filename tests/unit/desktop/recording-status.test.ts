import { describe, expect, it } from 'vitest'
import { clockLength, isActive, trayStatus } from '../../../src-main/desktop/recording-status'
import { recordingLike } from './recordings'

describe('the state of the tray icon', () => {
  it.each([
    [[], 'idle'],
    [['stopped', 'failed'], 'idle'],
    [['resolving'], 'recording'],
    [['recording', 'stopped'], 'recording'],
    [['recording', 'stalled'], 'trouble'],
  ] as const)('%j is %s', (states, status) => {
    expect(trayStatus(states.map((state) => recordingLike({ state })))).toBe(status)
  })

  it('counts a recording that is stopping as running: quitting now would interrupt it', () => {
    expect(isActive(recordingLike({ state: 'stopping' }))).toBe(true)
    expect(isActive(recordingLike({ state: 'stopped' }))).toBe(false)
  })
})

describe('lengths', () => {
  it.each([
    [0, '0:00'],
    [59.9, '0:59'],
    [3600, '1:00:00'],
    [-1, '0:00'],
  ])('%s s reads %s', (sec, text) => {
    expect(clockLength(sec)).toBe(text)
  })
})
