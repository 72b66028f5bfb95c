import { useEffect, useState } from 'react'
import type { ApiError } from '../../src-preload/contract/errors'
import type { Probe } from '../../src-preload/contract/model'
import { useServices } from '../app/services-context'
import { looksComplete } from './probe-summary'

const DEBOUNCE_MS = 450

/** What is known about the address in the bar. */
export type ProbeState =
  | { readonly kind: 'none' | 'asking' }
  | { readonly kind: 'found'; readonly probe: Probe }
  | { readonly kind: 'failed'; readonly error: ApiError }

const NONE: ProbeState = { kind: 'none' }

/** Asks about `text` once it has been left alone for a moment; answers for an older text are dropped. */
export function useProbe(text: string): ProbeState {
  const { connection } = useServices()
  const [known, setKnown] = useState({ text: '', state: NONE })
  useEffect(() => {
    if (!looksComplete(text)) return undefined
    let current = true
    const ask = async () => {
      setKnown({ text, state: { kind: 'asking' } })
      const reply = await connection.transport.invoke('sources.probe', { url: text.trim() })
      if (!current) return
      const state: ProbeState = reply.ok
        ? { kind: 'found', probe: reply.value }
        : { kind: 'failed', error: reply.error }
      setKnown({ text, state })
    }
    const timer = setTimeout(() => void ask(), DEBOUNCE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text, connection])
  return known.text === text && looksComplete(text) ? known.state : NONE
}
