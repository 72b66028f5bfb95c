import { rmSync, statSync, writeFileSync } from 'node:fs'
import { JSONFilePreset } from 'lowdb/node'
import { timed } from './measure'

/** A collection that is one JSON file: the plain way to keep rows with lowdb. */
export interface LowdbPeer {
  readonly bytes: number
  /** Milliseconds until the file is parsed. */
  openMs(): Promise<number>
  /** Milliseconds of one append after the other, each written: the whole file, without fsync. */
  appendMs(rows: readonly unknown[]): Promise<readonly number[]>
  remove(): void
}

/** Writes the file of a collection. @param rowOf what it holds, from 0 on. */
export function createLowdb<T>(file: string, rows: number, rowOf: (row: number) => T): LowdbPeer {
  const part = 1000
  writeFileSync(file, '{"rows":[')
  for (let from = 0; from < rows; from += part) {
    const some = Array.from({ length: Math.min(part, rows - from) }, (_, at) => rowOf(from + at))
    const text = JSON.stringify(some).slice(1, -1)
    writeFileSync(file, from === 0 ? text : `,${text}`, { flag: 'a' })
  }
  writeFileSync(file, ']}', { flag: 'a' })
  const open = () => JSONFilePreset<{ rows: unknown[] }>(file, { rows: [] })
  return {
    bytes: statSync(file).size,
    openMs: () => timed('cpu', open),
    async appendMs(added) {
      const db = await open()
      const took: number[] = []
      for (const row of added) {
        took.push(
          await timed('wall', async () => {
            db.data.rows.push(row)
            await db.write()
          }),
        )
      }
      return took
    },
    remove: () => rmSync(file, { force: true }),
  }
}
