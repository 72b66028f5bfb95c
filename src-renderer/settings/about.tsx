import type { SystemInfo } from '../../src-preload/contract/model'
import { formatBytes } from '../ui/format'
import { PathText } from '../ui/path-text'
import { texts } from '../ui/texts'

/** Version, places and tools: what a question for help should tell. */
export function About({ system }: { system: SystemInfo }) {
  const words = texts.settings
  return (
    <section className="about">
      <h3 className="section-title">{words.about}</h3>
      <dl className="facts">
        <dt>{words.version}</dt>
        <dd>{system.version}</dd>
        <dt>{words.library}</dt>
        <dd className="path">
          <PathText path={system.libraryDir} />
        </dd>
        {system.freeBytes !== undefined && (
          <>
            <dt>{words.free}</dt>
            <dd>{formatBytes(system.freeBytes)}</dd>
          </>
        )}
        {system.tools.map((tool) => (
          <ToolFact key={tool.name} tool={tool} />
        ))}
      </dl>
    </section>
  )
}

function ToolFact({ tool }: { tool: SystemInfo['tools'][number] }) {
  return (
    <>
      <dt>{tool.name}</dt>
      <dd data-tone={tool.problem === undefined ? undefined : 'warn'}>
        {tool.problem ?? tool.version}
      </dd>
    </>
  )
}
