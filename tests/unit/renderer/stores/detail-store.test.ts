import { describe, expect, it } from 'vitest'
import { createDetailStore } from '../../../../src-renderer/stores/detail-store'
import type { VsrEvent } from '../../../../src-preload/contract/events'
import { createFakeTransport, recordingOf, settle } from '../fake-transport'

const lost: VsrEvent = {
  type: 'recording.activity',
  id: 'rec00001',
  activity: {
    type: 'track-lost',
    atMs: 1,
    track: 'a1',
    kind: 'audio',
    label: 'Deutsch',
    cause: { code: 'source_not_found', message: 'Not found.' },
  },
}

describe('details of the open recording', () => {
  it('are read when it is opened, and again when something happened to it', async () => {
    const empty = {
      tracks: [],
      gapList: [],
      epochs: [],
      markers: [],
      pinnedSpans: [],
      activity: [],
    }
    const transport = createFakeTransport({
      'recordings.get': () => ({ ...recordingOf(), ...empty }),
    })
    const asked = transport.calls
    const details = createDetailStore({ transport })
    details.open('rec00001')
    await settle()
    expect(details.store.getState().detail).toMatchObject({ id: 'rec00001' })
    details.apply({ ...lost, id: 'rec00002' })
    await settle()
    expect(asked).toHaveLength(1)
    details.apply(lost)
    await settle()
    expect(asked).toHaveLength(2)
    details.open(undefined)
    expect(details.store.getState().detail).toBeUndefined()
  })
})
