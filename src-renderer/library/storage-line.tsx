import { HardDrive } from 'lucide-react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { useNow } from '../ui/use-now'
import { storageWords } from './storage-words'

/** The library's disk in two short lines, of the same height whatever they say. */
export function StorageLine() {
  const { storage: store } = useServices()
  const storage = useStore(store.store, (state) => state.storage)
  const nowMs = useNow(false)
  const words = storage === undefined ? { first: '', second: '' } : storageWords(storage, nowMs)
  return (
    <div className="storage-line" data-testid="storage-line" data-state={storage?.state}>
      <HardDrive aria-hidden />
      <div>
        <div data-tone={words.tone} title={words.first}>
          {words.first}
        </div>
        <div className="soft" title={words.second}>
          {words.second}
        </div>
      </div>
    </div>
  )
}
