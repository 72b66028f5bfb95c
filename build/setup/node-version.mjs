// The first check of all. Kept to syntax that old versions of Node can read.

const NEEDED = [20, 19]

/**
 * A sentence when this version of Node is too old, else undefined.
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined}
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return undefined
  return `VSR needs Node.js ${NEEDED.join('.')} or newer; this is ${version}. Get a newer one from https://nodejs.org/ and start again.`
}
