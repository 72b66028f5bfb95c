import { findTool, type ToolName, tools } from '../../build/setup/find-tool.mjs'

/** Absolute path of a program that the tests need. Throws with what to do where it is missing. */
export function toolPath(name: ToolName): string {
  const found = findTool({ name })
  if (found === undefined) {
    throw new Error(
      `${name} is not installed: run "npm test", which installs it, or set ${tools[name].variable}`,
    )
  }
  return found
}
