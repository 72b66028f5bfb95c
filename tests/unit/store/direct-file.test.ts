import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allocateBlocks } from '../../../src-main/store/direct-file'
import { nodeFilePort } from '../../../src-main/store/node-file-port'

const BLOCK_BYTES = 4096

describe('a bulk file', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'vsr-bulk-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  /** Two writes of blocks, the second one cut. */
  async function writeTo(file: string, memory: Buffer): Promise<Buffer> {
    const opened = await nodeFilePort.open(file, 'bulk', 0o600)
    memory.fill(1, 0, BLOCK_BYTES).fill(2, BLOCK_BYTES)
    await opened.write(memory.subarray(0, BLOCK_BYTES))
    await opened.write(memory.subarray(BLOCK_BYTES))
    await opened.truncate(memory.length - 100)
    await opened.sync()
    await opened.close()
    return memory.subarray(0, memory.length - 100)
  }

  it('holds what was written in blocks, cut to its size', async () => {
    const file = path.join(dir, 'a.part')
    const written = await writeTo(file, allocateBlocks(3 * BLOCK_BYTES))
    expect(readFileSync(file).equals(written)).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('never takes the place of another file', async () => {
    const file = path.join(dir, 'a.part')
    await writeTo(file, allocateBlocks(3 * BLOCK_BYTES))
    await expect(nodeFilePort.open(file, 'bulk')).rejects.toMatchObject({ code: 'EEXIST' })
  })

  // The last one here: what was refused once is not asked for again.
  it('takes memory that the disk refuses, through the cache, and loses nothing of it', async () => {
    const file = path.join(dir, 'a.part')
    // One byte beside the start of a page, whatever the allocator does.
    const memory = allocateBlocks(4 * BLOCK_BYTES).subarray(1, 1 + 3 * BLOCK_BYTES)
    const written = await writeTo(file, memory)
    expect(readFileSync(file).equals(written)).toBe(true)
  })
})
