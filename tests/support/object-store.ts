import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { signatureProblem } from './object-store-signature'

/** What a test makes the store do from now on. */
interface Behaviour {
  /** Its clock is so much ahead. Milliseconds. */
  clockAheadMs: number
  /** Looks at neither MD5 nor payload hash: as some stores do. */
  trusting: boolean
  /** Changes what is kept of each body: a broken disk. */
  damage: ((body: Buffer) => Buffer) | undefined
  /** Names objects by something else than their content: encrypted with keys of its own. */
  opaqueTags: boolean
  /** So many of the next requests are answered with an error. */
  failNext: { times: number; status: number; code: string } | undefined
}

export interface TestObjectStore {
  readonly port: number
  /** `http://127.0.0.1:port`. */
  readonly url: string
  readonly bucket: string
  readonly objects: ReadonlyMap<string, Buffer>
  /** Uploads that were begun and not finished. */
  readonly unfinished: () => number
  /** `PUT key?partNumber=2`, oldest first, with the status of the answer. */
  readonly requests: readonly string[]
  readonly behave: Behaviour
}

interface PartUpload {
  readonly key: string
  readonly parts: Map<number, { body: Buffer; tag: string }>
}

class StoreError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

const LEAST_PART_BYTES = 5 * 1024 * 1024
/** Short pages, so that every test turns one. */
const PARTS_PER_PAGE = 1
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest()

/**
 * An object store with one bucket, in memory: the part of the S3 protocol that VSR speaks, with the checks of Amazon's (signature, clock,
 * payload hash, MD5, size of parts). Ends with the running test.
 */
export async function startObjectStore(): Promise<TestObjectStore> {
  const objects = new Map<string, Buffer>()
  const tags = new Map<string, string>()
  const uploads = new Map<string, PartUpload>()
  const requests: string[] = []
  const bucket = 'recordings'
  const behave: Behaviour = {
    clockAheadMs: 0,
    trusting: false,
    damage: undefined,
    opaqueTags: false,
    failNext: undefined,
  }

  const nowMs = () => Date.now() + behave.clockAheadMs
  const tagOf = (text: string) =>
    behave.opaqueTags ? md5(Buffer.from(`x${text}`)).toString('hex') : text
  const keep = (body: Buffer) => behave.damage?.(body) ?? body
  const uploadOf = (id: string | null, key: string): [string, PartUpload] => {
    const upload = uploads.get(id ?? '')
    if (id === null || upload?.key !== key) throw new StoreError(404, 'NoSuchUpload')
    return [id, upload]
  }

  const check = (request: IncomingMessage, body: Buffer, place: string | undefined) => {
    const problem = signatureProblem({ request, body, nowMs: nowMs() })
    if (problem !== undefined && !(behave.trusting && problem === 'XAmzContentSHA256Mismatch')) {
      throw new StoreError(problem.startsWith('XAmz') ? 400 : 403, problem)
    }
    const sent = request.headers['content-md5']
    if (!behave.trusting && sent !== undefined && sent !== md5(body).toString('base64')) {
      throw new StoreError(400, 'BadDigest')
    }
    if (place !== bucket) throw new StoreError(404, 'NoSuchBucket')
    const { failNext } = behave
    if (failNext === undefined || failNext.times === 0) return
    failNext.times -= 1
    throw new StoreError(failNext.status, failNext.code)
  }

  const finish = (id: string, { key, parts }: PartUpload, text: string): string => {
    const asked = [...text.matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      tag: /<ETag>(?:&quot;|")?([^<&"]+)/.exec(part)?.[1],
    }))
    const found = asked.map(({ number, tag }) => {
      const part = parts.get(number)
      if (part?.tag !== tag || part === undefined) throw new StoreError(400, 'InvalidPart')
      return part
    })
    if (found.slice(0, -1).some(({ body }) => body.length < LEAST_PART_BYTES)) {
      throw new StoreError(400, 'EntityTooSmall')
    }
    objects.set(key, Buffer.concat(found.map(({ body }) => body)))
    const all = md5(Buffer.concat(found.map(({ body }) => md5(body)))).toString('hex')
    tags.set(key, tagOf(`${all}-${found.length}`))
    uploads.delete(id)
    return `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>"${tags.get(key)}"</ETag></CompleteMultipartUploadResult>`
  }

  const listParts = (id: string, upload: PartUpload, after: number): string => {
    const rest = [...upload.parts]
      .filter(([number]) => number > after)
      .toSorted(([a], [b]) => a - b)
    const page = rest.slice(0, PARTS_PER_PAGE)
    const items = page.map(
      ([number, { body, tag }]) =>
        `<Part><PartNumber>${number}</PartNumber><Size>${body.length}</Size><ETag>"${tag}"</ETag></Part>`,
    )
    const isCut = rest.length > page.length
    const next = `<NextPartNumberMarker>${page.at(-1)?.[0] ?? 0}</NextPartNumberMarker>`
    return `<ListPartsResult><UploadId>${id}</UploadId><IsTruncated>${isCut}</IsTruncated>${next}${items.join('')}</ListPartsResult>`
  }

  const answer = (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://store')
    const [, place, ...names] = decodeURIComponent(pathname).split('/')
    const key = names.join('/')
    check(request, body, place)
    const xml = (text: string) => response.setHeader('content-type', 'application/xml').end(text)
    const object = objects.get(key)
    switch (`${request.method} ${['uploads', 'uploadId'].find((name) => query.has(name)) ?? ''}`) {
      case 'GET uploads': {
        const found = [...uploads].filter(([, upload]) =>
          upload.key.startsWith(query.get('prefix') ?? ''),
        )
        const items = found.map(
          ([id, upload]) => `<Upload><Key>${upload.key}</Key><UploadId>${id}</UploadId></Upload>`,
        )
        return xml(`<ListMultipartUploadsResult>${items.join('')}</ListMultipartUploadsResult>`)
      }
      case 'POST uploads': {
        const id = randomUUID()
        uploads.set(id, { key, parts: new Map() })
        return xml(
          `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        )
      }
      case 'GET uploadId':
        return xml(
          listParts(
            ...uploadOf(query.get('uploadId'), key),
            Number(query.get('part-number-marker')),
          ),
        )
      case 'POST uploadId':
        return xml(finish(...uploadOf(query.get('uploadId'), key), body.toString()))
      case 'DELETE uploadId':
        uploads.delete(uploadOf(query.get('uploadId'), key)[0])
        return response.writeHead(204).end()
      case 'PUT uploadId': {
        const kept = keep(body)
        const tag = tagOf(md5(kept).toString('hex'))
        uploadOf(query.get('uploadId'), key)[1].parts.set(Number(query.get('partNumber')), {
          body: kept,
          tag,
        })
        return response.setHeader('etag', `"${tag}"`).end()
      }
      case 'PUT ': {
        const kept = keep(body)
        objects.set(key, kept)
        tags.set(key, tagOf(md5(kept).toString('hex')))
        return response.setHeader('etag', `"${tags.get(key)}"`).end()
      }
      case 'HEAD ':
      case 'GET ':
        if (object === undefined) throw new StoreError(404, 'NoSuchKey')
        response.setHeader('etag', `"${tags.get(key)}"`).setHeader('content-length', object.length)
        return response.end(request.method === 'HEAD' ? undefined : object)
      default:
        throw new StoreError(501, 'NotImplemented')
    }
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => response.destroy())
    request.on('end', () => {
      response.sendDate = false
      response.setHeader('date', new Date(nowMs()).toUTCString())
      try {
        answer(request, Buffer.concat(chunks), response)
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        const { status, code } = error
        const text = `<Error><Code>${code}</Code><Message>${code}</Message></Error>`
        response.writeHead(status, { 'content-type': 'application/xml' })
        response.end(request.method === 'HEAD' ? undefined : text)
      }
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://store')
      const part = searchParams.get('partNumber')
      const name = pathname.replace(`/${bucket}/`, '')
      requests.push(
        `${request.method} ${name}${part === null ? '' : `#${part}`} ${response.statusCode}`,
      )
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise((resolve) => {
      server.close(() => resolve())
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    bucket,
    objects,
    unfinished: () => uploads.size,
    requests,
    behave,
  }
}
