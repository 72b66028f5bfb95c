import { basename, sep } from 'node:path'
import type { FileRow } from './model'
import { extensionCodes } from './row-codes'

export const CATALOGUE_NAME = 'library.json'
/** The catalogue as it was one save before. */
export const PREVIOUS_CATALOGUE_NAME = 'library.previous.json'
export const LOCK_NAME = 'library.lock'
/** Tells the library's folder from another one that stands in its place. */
export const IDENTITY_NAME = 'library.id'
export const RECORDINGS_FOLDER = 'recordings'
/** Where what goes for good waits until its files are gone; every start empties it, also that of an older VSR. */
export const TRASH_FOLDER = 'trash'
/** Where deleted recordings lie that can be had back: what a person knows as the trash. */
export const DELETED_FOLDER = 'deleted'
export const RECORDING_NAME = 'recording.json'
export const RESUME_NAME = 'resume.json'
export const TEMP_FOLDER = 'tmp'
/** Where a repair of a recording puts what it takes out of it. */
export const QUARANTINE_FOLDER = 'quarantine'

const DAY_FOLDER = /^\d{4,6}-\d\d-\d\d$/
/** Of the file of a key row. */
const KEY_EXTENSION = 'key'
const extensions = [...extensionCodes.words, KEY_EXTENSION].join('|')
const MEDIA_FILE = new RegExp(`^\\d{1,16}-\\d{1,10}\\.(${extensions})$`)
const TEMP_FILE = /^[a-z0-9]+-[0-9a-f]{12}\.part$/
const QUARANTINED_FILE = /^[\w.-]{1,200}\.[0-9a-f]{12}\.kept$/
const EARLIER_FILE = /^recording\.v\d{1,3}\.json$/
const RECORDING_ID = /^[a-z0-9]{12}$/
const TRACK_ID = /^[a-z][a-z0-9]{0,15}$/

/** A heartbeat that was cut off, or a stale lock that was set aside. */
export const isLockLeftover = (name: string): boolean =>
  name.startsWith(`${LOCK_NAME}.`) && /\.[0-9a-f]{12}\.(beat|stale)$/.test(name)

export const isDayFolder = (name: string): boolean => DAY_FOLDER.test(name)
export const isMediaFile = (name: string): boolean => MEDIA_FILE.test(name)
export const isTempFile = (name: string): boolean => TEMP_FILE.test(name)
export const isQuarantined = (name: string): boolean => QUARANTINED_FILE.test(name)
/** A description as it was before a later version took its place. */
export const isEarlierRecording = (name: string): boolean => EARLIER_FILE.test(name)
export const isRecordingId = (name: string): boolean => RECORDING_ID.test(name)
/** `tmp` and `quarantine` look like tracks and are none. */
export const isTrackId = (name: string): boolean =>
  TRACK_ID.test(name) && name !== TEMP_FOLDER && name !== QUARANTINE_FOLDER

/** `recording.v1.json`: the name of a JSON file as it was in that version. */
export const earlierName = (path: string, version: number): string =>
  `${basename(path, '.json')}.v${version}.json`

/** UTC day of an instant (unix ms), the name of the folder its segments are in. */
const dayFolderOf = (startMs: number): string =>
  new Date(startMs).toISOString().replace(/^\+/, '').split('T', 1).join()

/** `<epoch-ms>-<index>.<extension>`: built of numbers and a known word only (S06). */
const mediaFileName = (row: FileRow): string =>
  `${row.startMs}-${row.index}.${row.kind === 'key' ? KEY_EXTENSION : row.extension}`

/** Absolute path of the folder for files that start at an instant (unix ms) in a track's folder. */
export const dayPath = (trackFolder: string, startMs: number): string =>
  `${trackFolder}${sep}${dayFolderOf(startMs)}`

/** Absolute path of a stored file in a track's folder. */
export const mediaPath = (trackFolder: string, row: FileRow): string =>
  `${dayPath(trackFolder, row.startMs)}${sep}${mediaFileName(row)}`
