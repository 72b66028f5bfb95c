import { useCallback, useSyncExternalStore } from 'react'

/** The wall clock in whole seconds (unix ms); renders anew each second while `ticking`. */
export function useNow(ticking: boolean): number {
  const subscribe = useCallback(
    (onChange: () => void) => {
      if (!ticking) return () => undefined
      const timer = setInterval(onChange, 250)
      return () => clearInterval(timer)
    },
    [ticking],
  )
  return useSyncExternalStore(subscribe, nowInWholeSeconds)
}

function nowInWholeSeconds(): number {
  return Math.floor(Date.now() / 1000) * 1000
}
