import type { Clock } from '../ports/clock'
import { parseEndpoint, type UploadFolder } from './address'
import { readStoreKeys } from './credentials'
import type { ObjectStore } from './object-store'
import { openS3 } from './providers/s3'

/**
 * The object store of a folder, with the keys of the environment.
 *
 * @param options.endpoint address of a store that is not Amazon's; absent = `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, else Amazon's.
 * @throws VsrError `bad_request`, `upload_not_signed_in`.
 */
export async function connectStore(options: {
  readonly folder: UploadFolder
  readonly endpoint?: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
}): Promise<ObjectStore> {
  const { folder, env, clock } = options
  const typed = options.endpoint || env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL']
  const endpoint = typed ? parseEndpoint(typed) : undefined
  // Stores in the house have one region, whatever it is called.
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1'
  return await openS3({
    bucket: folder.bucket,
    ...(endpoint === undefined ? {} : { endpoint }),
    region,
    keys: await readStoreKeys(env),
    clock,
  })
}
