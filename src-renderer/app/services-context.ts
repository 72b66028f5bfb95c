import { createContext, useContext } from 'react'
import type { RecordingSummary } from '../../src-preload/contract/model'
import { useStore } from 'zustand'
import type { Services } from './services'

export const ServicesContext = createContext<Services | undefined>(undefined)

/** The application's services. Throws where no provider is above: a mistake in the tree. */
export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (services === undefined) throw new Error('no services above this component')
  return services
}

/** True while the connection to VSR is lost: what the page knows is the past. */
export function useIsAway(): boolean {
  const { ui } = useServices()
  return useStore(ui.store, (state) => state.connection === 'lost')
}

/** The open recording as it is now. */
export function useSelectedRecording(): RecordingSummary | undefined {
  const { recordings, selection } = useServices()
  const id = useStore(selection.store, (state) => state.recordingId)
  return useStore(recordings.store, (state) => (id === undefined ? undefined : state.byId[id]))
}
