import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TimeRange } from '../stores/selection-store'
import {
  approachView,
  centreView,
  type Extent,
  fitView,
  followView,
  panView,
  showsEnd,
  type Viewport,
  zoomToSpan,
  zoomView,
} from './viewport'

/** `fit` shows everything, `follow` keeps the live edge in sight, `free` stays where the person put it. */
type ViewMode = 'fit' | 'follow' | 'free'

interface ViewState {
  readonly view: Viewport
  readonly mode: ViewMode
}

export interface ViewStore {
  readonly store: StoreApi<ViewState>
  /** What there is to be shown. */
  extent(): Extent | undefined
  resize(widthPx: number): void
  /** Another recording, or all of this one. */
  fit(): void
  zoom(xPx: number, factor: number): void
  pan(deltaPx: number): void
  centre(ms: number): void
  zoomTo(range: TimeRange): void
  /** Brings the live edge into sight and keeps it there. */
  follow(): void
  /** One frame of a smooth move after growth; returns true while there is more to move. */
  advance(share: number): boolean
}

/** The part of the timeline that is shown, and how it goes on as the recording grows. */
export function createViewStore(options: { extent: () => Extent | undefined }): ViewStore {
  const store = createStore<ViewState>(() => ({
    view: { fromMs: 0, toMs: 60_000, widthPx: 1 },
    mode: 'fit',
  }))

  const moveByHand = (change: (view: Viewport, extent: Extent) => Viewport) => {
    const extent = options.extent()
    if (extent === undefined) return
    const view = change(store.getState().view, extent)
    store.setState({ view, mode: showsEnd(view, extent) ? 'follow' : 'free' })
  }

  return {
    store,
    extent: options.extent,
    resize: (widthPx) =>
      store.setState(({ view }) => ({ view: { ...view, widthPx: Math.max(1, widthPx) } })),
    fit() {
      const extent = options.extent()
      const { widthPx } = store.getState().view
      store.setState({
        mode: 'fit',
        ...(extent === undefined ? {} : { view: fitView(extent, widthPx) }),
      })
    },
    zoom: (xPx, factor) => moveByHand((view, extent) => zoomView(view, xPx, factor, extent)),
    pan: (deltaPx) => moveByHand((view, extent) => panView(view, deltaPx, extent)),
    centre: (ms) => moveByHand((view, extent) => centreView(view, ms, extent)),
    zoomTo(range) {
      moveByHand((view, extent) => zoomToSpan(view, range, extent))
      store.setState({ mode: 'free' })
    },
    follow: () => store.setState(({ mode }) => ({ mode: mode === 'fit' ? 'fit' : 'follow' })),
    advance(share) {
      const extent = options.extent()
      const { view, mode } = store.getState()
      if (extent === undefined || mode === 'free') return false
      const target = mode === 'fit' ? fitView(extent, view.widthPx) : followView(view, extent)
      if (target.fromMs === view.fromMs && target.toMs === view.toMs) return false
      store.setState({ view: approachView(view, target, share) })
      return true
    },
  }
}
