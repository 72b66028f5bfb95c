import { app } from 'electron'
import { type LaunchOptions, readLaunchOptions, urlOfLink } from './launch-options'

export type HandOver = Pick<LaunchOptions, 'url' | 'fromLink'>

/** True for the first instance. A second start gets false and should end; the first one is told through the hand-overs. */
export function claimSingleInstance(): boolean {
  return app.requestSingleInstanceLock()
}

/** Collects what second starts, or `vsr:` links on macOS, ask for; keeps it until somebody can act on it. */
export function collectHandOvers(): { forwardTo(listener: (handOver: HandOver) => void): void } {
  const early: HandOver[] = []
  let forward = (handOver: HandOver) => {
    early.push(handOver)
  }
  app.on('second-instance', (_event, argv) => {
    forward(readLaunchOptions(argv))
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    const url = urlOfLink(link)
    if (url !== undefined) forward({ url, fromLink: true })
  })
  return {
    forwardTo: (listener) => {
      forward = listener
      for (const handOver of early.splice(0)) listener(handOver)
    },
  }
}
