// One set-up at a time in one folder.
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { say } from './say.mjs'

/** The owner touches its lock this often; a lock untouched for longer than STALE_MS is left over. */
const BEAT_MS = 2_000
const STALE_MS = 15_000

/**
 * Runs `work` while no other process works under the same lock; takes over a lock whose owner is gone.
 * @template T
 * @param {{ dir: string, work: () => Promise<T>, pollMs?: number }} options `dir`: the folder that is the lock
 * @returns {Promise<T>}
 */
export async function withLock({ dir, work, pollMs = 200 }) {
  mkdirSync(path.dirname(dir), { recursive: true })
  let told = false
  while (!tryToTake(dir)) {
    if (isLeftOver(dir)) {
      rmSync(dir, { recursive: true, force: true })
      continue
    }
    if (!told) say('Another start is setting this folder up; waiting for it.')
    told = true
    await delay(pollMs)
  }
  const beat = setInterval(() => utimesSync(dir, new Date(), new Date()), BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    rmSync(dir, { recursive: true, force: true })
  }
}

/** @param {string} dir */
function tryToTake(dir) {
  try {
    mkdirSync(dir)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
  writeFileSync(path.join(dir, 'owner'), String(process.pid))
  return true
}

/** True when the owner has ended, or is no longer heard of (its number may belong to another process by now). */
function isLeftOver(dir) {
  const ageMs = Date.now() - (statSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
  return ageMs > STALE_MS || hasEnded(readOwner(dir))
}

/** The owner's process id; undefined in the moment before it is written, and when the lock has just gone. */
function readOwner(dir) {
  try {
    return Number(readFileSync(path.join(dir, 'owner'), 'utf8')) || undefined
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** @param {number | undefined} pid */
function hasEnded(pid) {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
