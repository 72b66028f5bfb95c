/** Plays; where the browser allows no sound yet, without it. @param onMuted told then. */
export function startPlaying(video: HTMLVideoElement, onMuted: () => void): void {
  if (video.ended) video.currentTime = 0
  video.play().catch((cause: unknown) => {
    // AbortError: a newer load or pause came between, which is what was wanted.
    if (!(cause instanceof DOMException) || cause.name !== 'NotAllowedError') return
    if (video.muted) return
    video.muted = true
    onMuted()
    startPlaying(video, onMuted)
  })
}
