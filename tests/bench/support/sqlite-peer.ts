import { spawnSync } from 'node:child_process'
import path from 'node:path'

const script = path.resolve('tests/bench/support/sqlite-peer.py')

/** SQLite through the `sqlite3` module of the machine's Python. */
export interface SqlitePeer {
  /** Does one piece of work of `sqlite-peer.py`; `input` goes to it as JSON. @returns its figures. @throws Error where it fails. */
  run(work: string, args: readonly (string | number)[], input?: unknown): Record<string, number>
}

/** Undefined, with a word on the terminal, where this machine has none. */
export function findSqlite(): SqlitePeer | undefined {
  const found = spawnSync('python3', ['-c', 'import sqlite3'], { stdio: 'ignore' })
  if (found.status !== 0) {
    console.error('python3 with sqlite3 is not installed: going on without SQLite')
    return undefined
  }
  return {
    run(work, args, input) {
      const { status, stdout, stderr } = spawnSync('python3', [script, work, ...args.map(String)], {
        encoding: 'utf8',
        input: input === undefined ? '' : JSON.stringify(input),
      })
      if (status !== 0) throw new Error(`sqlite-peer.py ${work}: ${stderr}`)
      // Each of its works prints one object of numbers.
      return JSON.parse(stdout) as Record<string, number>
    },
  }
}
