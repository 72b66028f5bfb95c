// Everything that set-up tells a person goes to standard error: standard output belongs to the command that follows.

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** A set-up step that cannot go on. The message is the whole of what the person needs to know. */
export class SetupError extends Error {
  name = 'SetupError'

  /**
   * @param {string} message one or two sentences: what happened, what to do
   * @param {string} [details] what the failing program said; shown with VSR_DEBUG=1 only
   */
  constructor(message, details = '') {
    super(message)
    this.details = details
  }
}

/**
 * Says a failure without a stack trace; VSR_DEBUG=1 adds everything there is.
 * @param {unknown} error
 */
export function sayFailure(error) {
  const debug = Boolean(process.env.VSR_DEBUG)
  if (error instanceof SetupError) {
    say(error.message)
    if (debug && error.details !== '') say(error.details)
    return
  }
  say(`Something unexpected went wrong: ${firstLine(error)}`)
  if (debug) say(error instanceof Error ? String(error.stack) : String(error))
  else say('Set VSR_DEBUG=1 for details.')
}

/** @param {unknown} error */
function firstLine(error) {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}
