import { useStore } from 'zustand'
import { PlayerPanel } from '../player/player-panel'
import { STAGE_ID } from '../player/fullscreen'
import { RangeBar } from '../timeline/range-bar'
import { TimelinePanel } from '../timeline/timeline-panel'
import { EmptyState } from './empty-state'
import { RecordingHeader } from './recording-header'
import { useSelectedRecording, useServices } from './services-context'

/** The open recording: what it is, its picture, its timeline; or the way to a first one. */
export function Stage() {
  const { recordings } = useServices()
  const loaded = useStore(recordings.store, (state) => state.loaded)
  const recording = useSelectedRecording()
  return (
    <main className="stage" id={STAGE_ID}>
      {recording === undefined ? (
        loaded && <EmptyState />
      ) : (
        <>
          <RecordingHeader recording={recording} />
          <PlayerPanel />
          <TimelinePanel />
          <RangeBar />
        </>
      )}
    </main>
  )
}
