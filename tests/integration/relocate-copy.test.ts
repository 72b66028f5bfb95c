import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { copyChecked, expectChecksum } from '../../src-main/relocate/copy-checked'
import { tempDirForTest } from '../support/temp-dir'

it('a copy has the bytes and the access rights of its file, and is told from one that has not', async () => {
  const [from, to] = [path.join(tempDirForTest(), 'a'), path.join(tempDirForTest(), 'b')]
  const bytes = Buffer.alloc(3_000_001, 'some bytes')
  writeFileSync(from, bytes, { mode: 0o600 })
  const checksum = await copyChecked(from, to, 0o600)
  expect(readFileSync(to).equals(bytes)).toBe(true)
  expect(statSync(to).mode & 0o777).toBe(0o600)
  await expectChecksum(to, checksum)

  bytes[2_500_000] = 0
  writeFileSync(to, bytes)
  await expect(expectChecksum(to, checksum)).rejects.toMatchObject({ code: 'library_unwritable' })
  await expect(copyChecked(from, to, 0o600)).rejects.toMatchObject({ code: 'EEXIST' })
})
