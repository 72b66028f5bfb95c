import { createStore, type StoreApi } from 'zustand/vanilla'
import type { VsrEvent } from '../../src-preload/contract/events'
import type { MethodInput } from '../../src-preload/contract/methods'
import type { ExportJob } from '../../src-preload/contract/model'
import type { Reply, Transport } from '../../src-preload/contract/transport'

export interface ExportsState {
  readonly byId: Readonly<Record<string, ExportJob>>
}

export interface ExportsStore {
  readonly store: StoreApi<ExportsState>
  refresh(): Promise<void>
  create(input: MethodInput<'exports.create'>): Promise<Reply<{ jobId: string }>>
  cancel(jobId: string): Promise<Reply<unknown>>
  reveal(jobId: string): Promise<Reply<unknown>>
  apply(event: VsrEvent): void
}

/** Export jobs, as the engine reports them. */
export function createExportsStore(options: { transport: Transport }): ExportsStore {
  const { transport } = options
  const store = createStore<ExportsState>(() => ({ byId: {} }))
  const put = (job: ExportJob) =>
    store.setState(({ byId }) => ({ byId: { ...byId, [job.jobId]: job } }))

  return {
    store,
    async refresh() {
      const reply = await transport.invoke('exports.list', {})
      if (!reply.ok) return
      store.setState({ byId: Object.fromEntries(reply.value.map((job) => [job.jobId, job])) })
    },
    async create(input) {
      const reply = await transport.invoke('exports.create', input)
      if (!reply.ok) return reply
      // The job shows at once, even where its first event came before the answer or not at all yet.
      const job = await transport.invoke('exports.get', { jobId: reply.value.jobId })
      if (job.ok && store.getState().byId[job.value.jobId] === undefined) put(job.value)
      return reply
    },
    async cancel(jobId) {
      const reply = await transport.invoke('exports.cancel', { jobId })
      if (reply.ok) put(reply.value)
      return reply
    },
    reveal: (jobId) => transport.invoke('exports.reveal', { jobId }),
    apply(event) {
      if (event.type === 'export.updated') put(event.job)
    },
  }
}

/** Jobs, newest first. */
export function jobsNewestFirst(state: ExportsState): readonly ExportJob[] {
  return Object.values(state.byId).toSorted(
    (a, b) => b.createdMs - a.createdMs || b.jobId.localeCompare(a.jobId),
  )
}

/** How many jobs wait or run. */
export function activeJobs(state: ExportsState): number {
  return Object.values(state.byId).filter(
    (job) => job.state === 'queued' || job.state === 'running',
  ).length
}
