import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { VsrError } from '../../src-preload/contract/errors'

/** In a folder that a library has left: where it is now. */
export const MOVED_NAME = 'moved.json'
/** In the library, wherever it is: the folder that it has come from. */
export const ARRIVED_NAME = 'moved-from.json'

const MOST_MOVES = 8
const movedSchema = z.object({ version: z.literal(1), to: z.string().refine(path.isAbsolute) })
const arrivedSchema = z.object({ version: z.literal(1), from: z.string() })

export const movedText = (to: string): string => `${JSON.stringify({ version: 1, to })}\n`
export const arrivedText = (from: string): string => `${JSON.stringify({ version: 1, from })}\n`

/**
 * Where a library is now that was in this folder: the folder itself, or where it was moved to, over several moves. A note is
 * believed only where the library there says that it came from here.
 * @throws VsrError `library_unwritable` where it was moved to a place that is not there, or is another library.
 */
export async function followMoves(folder: string): Promise<string> {
  let at = folder
  for (let moves = 0; moves < MOST_MOVES; moves += 1) {
    const moved = await readNote(path.join(at, MOVED_NAME), movedSchema)
    if (moved === undefined) return at
    if ((await cameFrom(moved.to)) !== (await realpath(at))) throw lost(at, moved.to)
    at = moved.to
  }
  throw lost(folder, at)
}

/** The folder that the library in this one has come from; undefined for one that was never moved, or is none. */
export async function cameFrom(folder: string): Promise<string | undefined> {
  return (await readNote(path.join(folder, ARRIVED_NAME), arrivedSchema))?.from
}

/** Undefined where there is no such note, or something else under its name. */
async function readNote<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return undefined // torn, or not ours
  }
}

const lost = (from: string, to: string): VsrError =>
  new VsrError(
    'library_unwritable',
    `The library was moved from ${from} to ${to}, and is not there.`,
    {
      hint: `Connect the disk that holds it. To begin a new library here, remove ${path.join(from, MOVED_NAME)}.`,
    },
  )
