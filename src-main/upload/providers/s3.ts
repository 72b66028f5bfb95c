import type { S3ClientConfig } from '@aws-sdk/client-s3'
import { loadPolicy } from '../../fetch/load-policy'
import type { Clock } from '../../ports/clock'
import { withDeadline } from '../../ports/with-deadline'
import type { StoreKeys } from '../credentials'
import type { Content, ObjectStore, StoredPart } from '../object-store'
import { isUnknownUpload, storeFailure, tooSlow } from './s3-failure'

export interface S3Options {
  readonly bucket: string
  /** Of a store that is not Amazon's. */
  readonly endpoint?: URL
  readonly region: string
  readonly keys: StoreKeys
  readonly clock: Clock
}

const MOST_UNFINISHED = 20

/**
 * A bucket of Amazon S3 or of a store that speaks its language. The SDK is loaded here, not at the start of VSR: it takes a third of a
 * second. It makes one attempt; repeating is the load policy's, but for the clock: what it learns of the store's it uses from then on.
 */
export async function openS3(options: S3Options): Promise<ObjectStore> {
  // It would warn the person on the terminal of what is for developers: the versions of Node that later SDKs want.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const sdk = await import('@aws-sdk/client-s3')
  const { bucket: Bucket, endpoint, clock } = options
  const client = new sdk.S3Client(configOf(options))
  const host = endpoint?.host ?? 'Amazon S3'
  const { totalMs: afterMs } = loadPolicy.upload

  /** One attempt, with its deadline, whose failures have words. */
  const one = async <T>(
    signal: AbortSignal,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    try {
      return await withDeadline(
        { clock, signal, afterMs, reason: () => tooSlow(host) },
        (abortSignal) => send({ abortSignal }),
      )
    } catch (error) {
      throw storeFailure(error, { host, bucket: Bucket })
    }
  }

  return {
    async find(Key, signal) {
      const command = new sdk.HeadObjectCommand({ Bucket, Key })
      const found = await one(signal, (given) =>
        client.send(command, given).catch((error: unknown) => {
          if (error instanceof sdk.NotFound) return undefined
          throw error
        }),
      )
      return found && { bytes: found.ContentLength ?? 0, etag: plainTag(found.ETag) }
    },
    async put(Key, content, signal) {
      const command = new sdk.PutObjectCommand({ Bucket, Key, ...bodyOf(content) })
      await one(signal, (given) => client.send(command, given))
    },
    async begin(Key, signal) {
      const command = new sdk.CreateMultipartUploadCommand({ Bucket, Key })
      const { UploadId = '' } = await one(signal, (given) => client.send(command, given))
      return UploadId
    },
    async unfinished(Key, signal) {
      const command = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key })
      const listed = await one(signal, (given) =>
        client.send(command, given).catch((error: unknown) => {
          if (cannotList(error)) return undefined
          throw error
        }),
      )
      return (listed?.Uploads ?? [])
        .flatMap(({ UploadId, Key: key }) =>
          key === Key && UploadId !== undefined ? [UploadId] : [],
        )
        .slice(-MOST_UNFINISHED)
    },
    async parts(Key, UploadId, signal) {
      const parts: StoredPart[] = []
      // The SDK's own paginator goes round for ever where the last page names a next one, too.
      for (let after: string | undefined, isMore = true; isMore; ) {
        const command = new sdk.ListPartsCommand({
          Bucket,
          Key,
          UploadId,
          ...(after === undefined ? {} : { PartNumberMarker: after }),
        })
        const page = await one(signal, (given) =>
          client.send(command, given).catch((error: unknown) => {
            if (isUnknownUpload(error)) return undefined
            throw error
          }),
        )
        const found = page?.Parts ?? []
        for (const { PartNumber: number = 0, Size: bytes = 0, ETag } of found) {
          parts.push({ number, bytes, etag: plainTag(ETag) })
        }
        after = page?.NextPartNumberMarker
        isMore = page?.IsTruncated === true && found.length > 0
      }
      return parts
    },
    async putPart(Key, { uploadId: UploadId, number, ...content }, signal) {
      const part = { Bucket, Key, UploadId, PartNumber: number, ...bodyOf(content) }
      const { ETag } = await one(signal, (given) =>
        client.send(new sdk.UploadPartCommand(part), given),
      )
      return { number, bytes: content.body.byteLength, etag: plainTag(ETag) }
    },
    async finish(Key, UploadId, parts, signal) {
      const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: `"${etag}"` }))
      const command = new sdk.CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts },
      })
      await one(signal, async (given) => {
        try {
          await client.send(command, given)
        } catch (error) {
          // Finished by a try whose answer was lost, or given up: what is there now is looked at next.
          if (!isUnknownUpload(error)) throw error
        }
      })
    },
    async *read(Key, signal) {
      try {
        const command = new sdk.GetObjectCommand({ Bucket, Key })
        const { Body } = await client.send(command, { abortSignal: signal })
        // Under Node it is a Readable; the type has the browser's kinds, too.
        yield* Body as AsyncIterable<Uint8Array>
      } catch (error) {
        throw storeFailure(error, { host, bucket: Bucket })
      }
    },
    close: () => client.destroy(),
  }
}

function configOf({ endpoint, region, keys }: Omit<S3Options, 'clock'>): S3ClientConfig {
  const { firstByteMs, idleMs } = loadPolicy.upload
  return {
    credentials: keys,
    region,
    // Stores in the house have no names for buckets.
    ...(endpoint === undefined ? {} : { endpoint: endpoint.href, forcePathStyle: true }),
    maxAttempts: 1,
    // By default checksums go behind the body, in chunks that other stores keep as if they were content.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // It would cost a connection for each part.
    expectContinueHeader: false,
    requestHandler: { connectionTimeout: firstByteMs, socketTimeout: idleMs },
  }
}

/** The MD5 lets the store refuse what arrived otherwise. */
const bodyOf = ({ body, md5 }: Content) => ({
  Body: body,
  ContentLength: body.byteLength,
  ContentMD5: Buffer.from(md5, 'hex').toString('base64'),
})

const plainTag = (etag = ''): string => etag.replace(/^"|"$/g, '')

/** Some stores have no such list, and some keys may not see it: the upload begins anew then. */
function cannotList(error: unknown): boolean {
  const name = error instanceof Error ? error.name : ''
  return ['NotImplemented', 'MethodNotAllowed', 'AccessDenied'].includes(name)
}
