import * as fs from 'node:fs'
import type { OpenFile } from './file-port'

/** A call of node:fs by its callback, without the layers of its promises: a segment takes a dozen calls. */
export function callFs<T>(
  start: (done: (error: Error | null, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    // A call without a result is one of void.
    start((error, value) => (error === null ? resolve(value as T) : reject(error)))
  })
}

export const openFd = (path: string, flags: number, permissions = 0o666): Promise<number> =>
  callFs((done) => fs.open(path, flags, permissions, done))

export const closeFd = (fd: number): Promise<void> => callFs((done) => fs.close(fd, done))

/** Writes at `position`, or behind the last write where that is null; resolves with how much of it. */
export const writeSome = (fd: number, data: Uint8Array, position: number | null): Promise<number> =>
  callFs((done) => fs.write(fd, data, 0, data.length, position, done))

/** What does not depend on how a file is written. */
export const fileOf = (fd: () => number): Omit<OpenFile, 'write' | 'blockBytes'> => ({
  read: (into, position) => callFs((done) => fs.read(fd(), into, 0, into.length, position, done)),
  sync: () => callFs((done) => fs.fdatasync(fd(), done)),
  truncate: (bytes) => callFs((done) => fs.ftruncate(fd(), bytes, done)),
  size: async () => (await callFs<fs.Stats>((done) => fs.fstat(fd(), done))).size,
  close: () => closeFd(fd()),
})
