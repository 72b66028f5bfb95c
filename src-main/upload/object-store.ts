/** What an object store says of one object. */
export interface StoredObject {
  readonly bytes: number
  /** Without quotes. MD5 of the content, or of the MD5s of its parts, unless the store encrypts with keys of its own. */
  readonly etag: string
}

/** A part that a store has of an upload that is not finished. */
export interface StoredPart {
  /** From 1. */
  readonly number: number
  readonly bytes: number
  /** Without quotes. */
  readonly etag: string
}

/** Bytes on their way, with what lets the store notice that they arrived otherwise. */
export interface Content {
  readonly body: Uint8Array
  /** In hexadecimal digits. */
  readonly md5: string
}

/**
 * One bucket of an object store. Every method is one attempt and takes a signal; each rejects with VsrError: codes of
 * connections (`connection_failed`, `source_timeout`, `dns_failure`) and of uploads (`upload_…`).
 */
export interface ObjectStore {
  /** Undefined where there is no such object. */
  find(key: string, signal: AbortSignal): Promise<StoredObject | undefined>
  put(key: string, content: Content, signal: AbortSignal): Promise<void>
  /** Begins an upload in parts. @returns its id. */
  begin(key: string, signal: AbortSignal): Promise<string>
  /** Ids of uploads of this object that were begun and not finished; empty where the store does not tell. */
  unfinished(key: string, signal: AbortSignal): Promise<readonly string[]>
  parts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly StoredPart[]>
  putPart(
    key: string,
    part: Content & { readonly uploadId: string; readonly number: number },
    signal: AbortSignal,
  ): Promise<StoredPart>
  /** Makes one object of all these parts. */
  finish(
    key: string,
    uploadId: string,
    parts: readonly StoredPart[],
    signal: AbortSignal,
  ): Promise<void>
  /** The whole object, chunk by chunk. */
  read(key: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Closes idle connections. Idempotent. */
  close(): void
}
