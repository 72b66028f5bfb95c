import { describe, expect, it } from 'vitest'
import {
  type TrayActions,
  trayMenuSignature,
  trayMenuTemplate,
  trayTooltip,
} from '../../../src-main/desktop/tray-menu'
import { recordingLike } from './recordings'

/** Notes the clicks down. */
function actionsInto(calls: unknown[]): TrayActions {
  const note = (name: string) => (recording?: { id: string }, lengthSec?: number) => {
    calls.push([name, recording?.id, lengthSec])
  }
  return {
    openWindow: note('openWindow'),
    openRecordingsFolder: note('openRecordingsFolder'),
    stop: note('stop'),
    saveLast: note('saveLast'),
    quit: note('quit'),
  }
}

/** Labels as a person reads them; the application's own rows left out. */
function rowsOf(recordings: Parameters<typeof trayMenuTemplate>[0]['recordings']) {
  return trayMenuTemplate({ recordings, actions: actionsInto([]) }).slice(0, -5)
}

describe('the tray menu', () => {
  it('has one row per running recording, with state and length', () => {
    const rows = rowsOf([
      recordingLike({ id: 'aaaaaaaa', title: 'First', durationSec: 3725 }),
      recordingLike({ id: 'bbbbbbbb', title: 'Second', state: 'stalled' }),
    ])
    expect(rows.map(({ label }) => label)).toEqual([
      'First – Recording, 1:02:05',
      'Second – Stalled, 1:30',
    ])
  })

  it('says so when nothing is recorded', () => {
    expect(rowsOf([])).toEqual([{ label: 'Nothing is being recorded', enabled: false }])
  })

  it('keeps the three newest finished recordings in reach, after the running ones', () => {
    const finished = ['a', 'b', 'c', 'd'].map((title) => recordingLike({ title, state: 'stopped' }))
    const rows = rowsOf([...finished, recordingLike({ title: 'running' })])
    expect(rows.map(({ label }) => label?.split(' – ')[0])).toEqual(['running', 'a', 'b', 'c'])
  })

  it('offers Stop only while it runs, and saving only where there is footage', () => {
    const enabledOf = (fields: Parameters<typeof recordingLike>[0]) => {
      const [row] = rowsOf([recordingLike(fields)])
      const items = Array.isArray(row?.submenu) ? row.submenu : []
      return items.filter(({ type }) => type !== 'separator').map(({ enabled }) => enabled)
    }
    expect(enabledOf({})).toEqual([true, true, true, true])
    expect(enabledOf({ state: 'stopped' })).toEqual([false, true, true, true])
    expect(enabledOf({ state: 'resolving', durationSec: 0 })).toEqual([true, false, false, false])
  })

  it('does what its rows say', () => {
    const calls: unknown[] = []
    const template = trayMenuTemplate({
      recordings: [recordingLike()],
      actions: actionsInto(calls),
    })
    const submenu = template[0]?.submenu
    const items = [...template, ...(Array.isArray(submenu) ? submenu : [])]
    // The template's clicks take no arguments.
    for (const { click } of items) (click as (() => void) | undefined)?.()
    expect(calls).toEqual([
      ['openWindow', undefined, undefined],
      ['openRecordingsFolder', undefined, undefined],
      ['quit', undefined, undefined],
      ['stop', 'abcdefgh', undefined],
      ['saveLast', 'abcdefgh', 30],
      ['saveLast', 'abcdefgh', 120],
      ['saveLast', 'abcdefgh', 600],
    ])
  })

  it('S26 shows hostile titles as text: no second line, no hidden key, no paragraph', () => {
    const [row] = rowsOf([recordingLike({ title: `Q&A\nQuit\u2028${'x'.repeat(200)}` })])
    expect(row?.label).toMatch(/^Q&&A Quit x+… – Recording, 1:30$/)
    expect(row?.label?.length).toBeLessThan(70)
  })

  it('is replaced for a new state, not for another second', () => {
    const before = trayMenuSignature([recordingLike()])
    expect(trayMenuSignature([recordingLike({ durationSec: 91, endMs: 1_091_000 })])).toBe(before)
    expect(trayMenuSignature([recordingLike({ state: 'stalled' })])).not.toBe(before)
  })
})

describe('the tray tooltip', () => {
  it.each([
    [[], 'VSR: nothing is being recorded'],
    [[recordingLike({ state: 'stopped' })], 'VSR: nothing is being recorded'],
    [[recordingLike()], 'VSR: Talk, recording, 1:30'],
    [[recordingLike(), recordingLike()], 'VSR: 2 recordings'],
    [[recordingLike(), recordingLike({ state: 'stalled' })], 'VSR: 2 recordings, 1 stalled'],
  ])('%#', (recordings, text) => {
    expect(trayTooltip(recordings)).toBe(text)
  })
})
