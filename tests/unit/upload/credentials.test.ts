import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { readProfile, readStoreKeys } from '../../../src-main/upload/credentials'
import { tempDirForTest } from '../../support/temp-dir'

const TEXT = `
# a comment
[default]
aws_access_key_id = first
aws_secret_access_key=one = two
[profile work]
AWS_ACCESS_KEY_ID = second
aws_secret_access_key = three
aws_session_token = four
`

function keyFile(mode: number): string {
  const file = path.join(tempDirForTest(), 'credentials')
  writeFileSync(file, TEXT)
  chmodSync(file, mode)
  return file
}

it('keys of the environment go first', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: '' }
  expect(await readStoreKeys({ ...env, AWS_SHARED_CREDENTIALS_FILE: keyFile(0o600) })).toEqual({
    accessKeyId: 'a',
    secretAccessKey: 'b',
  })
})

it('else those of the profile in the file', async () => {
  const AWS_SHARED_CREDENTIALS_FILE = keyFile(0o600)
  expect(await readStoreKeys({ AWS_SHARED_CREDENTIALS_FILE })).toEqual({
    accessKeyId: 'first',
    secretAccessKey: 'one = two',
  })
  expect(await readStoreKeys({ AWS_SHARED_CREDENTIALS_FILE, AWS_PROFILE: 'work' })).toEqual({
    accessKeyId: 'second',
    secretAccessKey: 'three',
    sessionToken: 'four',
  })
})

it.skipIf(process.platform === 'win32')('S34 a file that others can read is refused', async () => {
  const AWS_SHARED_CREDENTIALS_FILE = keyFile(0o640)
  await expect(readStoreKeys({ AWS_SHARED_CREDENTIALS_FILE })).rejects.toMatchObject({
    code: 'upload_not_signed_in',
    hint: expect.stringContaining('chmod 600') as string,
  })
})

it('without any, it says how to give them', async () => {
  const AWS_SHARED_CREDENTIALS_FILE = path.join(tempDirForTest(), 'nothing')
  await expect(readStoreKeys({ AWS_SHARED_CREDENTIALS_FILE })).rejects.toMatchObject({
    code: 'upload_not_signed_in',
  })
  expect(readProfile(TEXT, 'nobody')).toEqual({})
})
