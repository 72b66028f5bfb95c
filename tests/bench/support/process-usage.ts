import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of /proc/<pid>/stat (USER_HZ, the same on every Linux). */
const TICKS_PER_SEC = 100

interface Stat {
  readonly pid: number
  readonly parent: number
  /** With that of children that have ended. */
  readonly cpuSec: number
  readonly endedChildrenSec: number
}

/** undefined where the process has ended meanwhile. */
function readStat(pid: number): Stat | undefined {
  const text = readIfRunning(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  // The name stands in brackets and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // utime, stime, and those of children that have ended: fields 14 to 17 of proc(5).
  const [user = 0, system = 0, ...ofChildren] = fields
    .slice(11, 15)
    .map((field) => Number(field) / TICKS_PER_SEC)
  const endedChildrenSec = ofChildren.reduce((sum, sec) => sum + sec, 0)
  const cpuSec = user + system + endedChildrenSec
  return { pid, parent: Number(fields[1]), cpuSec, endedChildrenSec }
}

function readIfRunning(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

/** The processes and everything they started. */
function treeOf(roots: readonly number[]): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? [])
  const wanted = new Set(roots)
  for (let size = -1; size !== wanted.size; ) {
    size = wanted.size
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid)
  }
  return all.filter(({ pid }) => wanted.has(pid))
}

/** User and system seconds so far of these processes and their descendants. Linux only. */
export const treeCpuSec = (roots: readonly number[]): number =>
  treeOf(roots).reduce((sum, { cpuSec }) => sum + cpuSec, 0)

/** User and system seconds of the children of this process that have ended. Linux only. */
export const endedChildrenSec = (): number => readStat(process.pid)?.endedChildrenSec ?? 0

/** Proportional set size: what is shared between processes is counted once. Linux only. */
export const treePssBytes = (roots: readonly number[]): number =>
  treeOf(roots).reduce((sum, { pid }) => {
    const text = readIfRunning(`/proc/${pid}/smaps_rollup`) ?? ''
    return sum + Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
  }, 0)

/** The most resident memory that a process has ever had. Linux only. */
export function peakRssBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024
}
