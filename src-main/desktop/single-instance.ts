import { app } from 'electron'
import { type LaunchOptions, readLaunchOptions, urlOfLink } from './launch-options'

/** True for the first instance. A second start gets false, and the first one learns of it through `onHandOver`. */
export function claimSingleInstance(): boolean {
  return app.requestSingleInstanceLock()
}

/** `listener` is called with what a second start, or a `vsr:` link on macOS, asks for. */
export function onHandOver(
  listener: (handedOver: Pick<LaunchOptions, 'url' | 'fromLink'>) => void,
): void {
  app.on('second-instance', (_event, argv) => {
    listener(readLaunchOptions(argv))
  })
  app.on('open-url', (event, link) => {
    event.preventDefault()
    const url = urlOfLink(link)
    if (url !== undefined) listener({ url, fromLink: true })
  })
}
