// Remembers for a day that something could not be had, so that not every start tries it again.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const KEPT_MS = 24 * 60 * 60_000

/**
 * @param {string} file where it is remembered
 * @param {() => number} [nowMs]
 */
export function createRefusal(file, nowMs = Date.now) {
  return {
    /**
     * The reason, while it holds for the same thing.
     * @param {string} subject what was asked for
     * @returns {string | undefined}
     */
    reasonFor(subject) {
      if (!existsSync(file)) return undefined
      const [kept, atMs, reason] = readFileSync(file, 'utf8').split('\n')
      const ageMs = nowMs() - Number(atMs)
      return kept === subject && ageMs >= 0 && ageMs < KEPT_MS ? reason : undefined
    },
    /** @param {string} subject @param {string} reason one line */
    write(subject, reason) {
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, [subject, nowMs(), reason.replaceAll('\n', ' ')].join('\n'))
    },
    forget: () => rmSync(file, { force: true }),
  }
}
