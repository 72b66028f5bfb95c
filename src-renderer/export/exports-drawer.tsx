import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useServices } from '../app/services-context'
import { jobsNewestFirst } from '../stores/exports-store'
import { Drawer } from '../ui/drawer'
import { texts } from '../ui/texts'
import './exports.css'
import { ExportRow } from './export-row'

/** The queue of exports and what came of them. */
export function ExportsDrawer() {
  const { exports } = useServices()
  const state = useStore(exports.store)
  const jobs = useMemo(() => jobsNewestFirst(state), [state])
  return (
    <Drawer title={texts.export.title}>
      {jobs.length === 0 && <p className="soft">{texts.export.none}</p>}
      <ul className="export-list">
        {jobs.map((job) => (
          <ExportRow key={job.jobId} job={job} />
        ))}
      </ul>
    </Drawer>
  )
}
