import { Fragment } from 'react'
import { pathParts } from './format'

/** A path that breaks after its slashes where it is too long for one line. */
export function PathText({ path }: { path: string }) {
  return pathParts(path).map((part, position) => (
    <Fragment key={`${position}${part}`}>
      {part}
      <wbr />
    </Fragment>
  ))
}
