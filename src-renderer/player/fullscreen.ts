/** Id of the element that goes full screen: the picture with its controls and the timeline. */
export const STAGE_ID = 'stage'

/** In and out of full screen. A refusal by the browser leaves things as they are, which shows by itself. */
export function toggleFullscreen(): void {
  const change =
    document.fullscreenElement === null
      ? document.getElementById(STAGE_ID)?.requestFullscreen()
      : document.exitFullscreen()
  change?.catch((cause: unknown) => reportError(cause))
}
