import type { Clock } from '../ports/clock'
import { parseUploadFolder } from './address'
import { connectStore } from './connect'
import { uploadFile, type Uploaded, type UploadParts, type UploadRequest } from './upload-file'

/** One upload, from what a person typed. */
export interface UploadOnceRequest extends Omit<UploadRequest, 'to'> {
  /** `s3://bucket/folder`. */
  readonly to: string
  /** Address of a store that is not Amazon's. */
  readonly endpoint?: string | undefined
}

type Place = Pick<UploadOnceRequest, 'to' | 'endpoint'>

/** Whether something could be uploaded there, as far as this machine knows. Throws what `connectStore` throws. */
export async function checkUpload(
  { env, clock }: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock },
  { to, endpoint }: Place,
): Promise<void> {
  const store = await connectStore({ folder: parseUploadFolder(to), endpoint, env, clock })
  store.close()
}

/** Connects, uploads one file, and closes. Throws what `connectStore` and `uploadFile` throw. */
export async function uploadOnce(
  parts: Omit<UploadParts, 'store'> & { readonly env: NodeJS.ProcessEnv },
  { to, endpoint, ...request }: UploadOnceRequest,
): Promise<Uploaded> {
  const folder = parseUploadFolder(to)
  const { env, clock } = parts
  const store = await connectStore({ folder, endpoint, env, clock })
  try {
    return await uploadFile({ ...parts, store }, { ...request, to: folder })
  } finally {
    store.close()
  }
}
