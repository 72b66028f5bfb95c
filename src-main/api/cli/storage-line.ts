import type { Storage } from '../../../src-preload/contract/model'
import { formatBytes, formatInstant } from './format'

/** `41.2 GB free, full on 2026-03-01 14:30:05, 12.3 GB will be let go by tomorrow`; empty where nobody knows. */
export function storageLine(storage: Storage): string {
  const { freeBytes, fullMs, letGoBytes, bytesPerHour, trashBytes, state, limitsOff } = storage
  const parts = [
    freeBytes === undefined ? '' : `${formatBytes(freeBytes)} free`,
    state === 'full' ? 'nearly full: recording pauses' : '',
    bytesPerHour > 0 ? `grows by ${formatBytes(bytesPerHour)} an hour` : '',
    fullMs === undefined || state === 'full' ? '' : `full on ${formatInstant(fullMs)}`,
    letGoBytes > 0 ? `will delete ${formatBytes(letGoBytes)} by tomorrow` : '',
    trashBytes > 0 ? `${formatBytes(trashBytes)} in the trash` : '',
    limitsOff ? 'nothing is let go by itself while a recording cannot be read' : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}
