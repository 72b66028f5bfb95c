import type { RecordingState, RecordingSummary } from '../../src-preload/contract/model'

/** What the tray icon shows. */
export type TrayStatus = 'idle' | 'recording' | 'trouble'

/** True while VSR works on a recording: quitting would interrupt it. */
export function isActive(recording: RecordingSummary): boolean {
  switch (recording.state) {
    case 'resolving':
    case 'recording':
    case 'stalled':
    case 'stopping':
      return true
    case 'idle':
    case 'stopped':
    case 'failed':
      return false
  }
}

/** Trouble outweighs recording: a stalled recording must be seen among healthy ones. */
export function trayStatus(recordings: readonly RecordingSummary[]): TrayStatus {
  const active = recordings.filter(isActive)
  if (active.some((recording) => recording.state === 'stalled')) return 'trouble'
  return active.length > 0 ? 'recording' : 'idle'
}

const STATE_WORDS: Readonly<Record<RecordingState, string>> = {
  idle: 'Idle',
  resolving: 'Starting',
  recording: 'Recording',
  stalled: 'Stalled',
  stopping: 'Stopping',
  stopped: 'Stopped',
  failed: 'Failed',
}

/** The state as a word for the person. */
export function stateWord(state: RecordingState): string {
  return STATE_WORDS[state]
}

/** `h:mm:ss`, or `m:ss` under an hour; whole seconds, rounded down. */
export function clockLength(durationSec: number): string {
  const total = Math.max(0, Math.floor(durationSec))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`
}
