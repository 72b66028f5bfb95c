import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { VsrError } from '../../src-preload/contract/errors'

/** What requests to an object store are signed with. Never logged, never written anywhere. */
export interface StoreKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * The keys of the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`), else those of the credentials
 * file (`AWS_SHARED_CREDENTIALS_FILE`, `AWS_PROFILE`), which nobody else may be able to read (SECURITY S34). No program is run and no
 * other address is asked for them. Throws VsrError `upload_not_signed_in`.
 */
export async function readStoreKeys(env: NodeJS.ProcessEnv): Promise<StoreKeys> {
  const fromEnv = keysOf({
    aws_access_key_id: env['AWS_ACCESS_KEY_ID'],
    aws_secret_access_key: env['AWS_SECRET_ACCESS_KEY'],
    aws_session_token: env['AWS_SESSION_TOKEN'],
  })
  if (fromEnv !== undefined) return fromEnv
  const file = env['AWS_SHARED_CREDENTIALS_FILE'] || path.join(homedir(), '.aws', 'credentials')
  const text = await readPrivateFile(file)
  const keys = text && keysOf(readProfile(text, env['AWS_PROFILE'] || 'default'))
  if (keys) return keys
  throw new VsrError('upload_not_signed_in', 'There are no keys for the object store.', {
    hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them to ~/.aws/credentials (mode 600).',
  })
}

function keysOf(values: Readonly<Record<string, string | undefined>>): StoreKeys | undefined {
  const accessKeyId = values['aws_access_key_id']
  const secretAccessKey = values['aws_secret_access_key']
  const sessionToken = values['aws_session_token']
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}

/** Its text; undefined where there is none. */
async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new VsrError('upload_not_signed_in', `Others on this machine can read ${file}.`, {
        hint: `Keep its keys to yourself: chmod 600 ${file}`,
      })
    }
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof VsrError) throw cause
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new VsrError('upload_not_signed_in', `${file} cannot be read.`, { cause })
  }
}

/** The settings of one profile of a credentials file: `[name]`, then `key = value` lines. */
export function readProfile(text: string, profile: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>()
  let isOurs = false
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/.exec(line)
    if (section !== null) isOurs = section[1] === profile
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (isOurs && key !== undefined && value !== undefined) found.set(key.toLowerCase(), value)
  }
  return Object.fromEntries(found)
}
