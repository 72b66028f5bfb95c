import { createStore, type StoreApi } from 'zustand/vanilla'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { Reply, Transport } from '../../src-preload/contract/transport'
import type { UploadJob } from '../../src-preload/contract/upload'

export interface UploadsState {
  readonly byId: Readonly<Record<string, UploadJob>>
}

export interface UploadsStore {
  readonly store: StoreApi<UploadsState>
  refresh(): Promise<void>
  /** Of a finished export, to where the settings say. */
  create(exportJobId: string): Promise<Reply<UploadJob>>
  cancel(uploadId: string): Promise<Reply<UploadJob>>
  retry(uploadId: string): Promise<Reply<UploadJob>>
  apply(event: VsrEvent): void
}

/** Uploads, as the engine reports them. */
export function createUploadsStore(options: { transport: Transport }): UploadsStore {
  const { transport } = options
  const store = createStore<UploadsState>(() => ({ byId: {} }))
  const put = (job: UploadJob) =>
    store.setState(({ byId }) => ({ byId: { ...byId, [job.uploadId]: job } }))
  const kept = (reply: Reply<UploadJob>) => {
    if (reply.ok) put(reply.value)
    return reply
  }

  return {
    store,
    async refresh() {
      const reply = await transport.invoke('uploads.list', {})
      if (!reply.ok) return
      store.setState({ byId: Object.fromEntries(reply.value.map((job) => [job.uploadId, job])) })
    },
    create: async (jobId) => kept(await transport.invoke('uploads.create', { jobId })),
    cancel: async (uploadId) => kept(await transport.invoke('uploads.cancel', { uploadId })),
    retry: async (uploadId) => kept(await transport.invoke('uploads.retry', { uploadId })),
    apply(event) {
      if (event.type === 'upload.updated') put(event.upload)
    },
  }
}

/** The newest upload of an export. */
export function uploadOf({ byId }: UploadsState, exportJobId: string): UploadJob | undefined {
  return Object.values(byId)
    .filter((job) => job.exportJobId === exportJobId)
    .toSorted((a, b) => b.createdMs - a.createdMs)[0]
}
