import type { Logger } from '../../ports/logger'
import type { TempFile } from '../../store/model'

/** Removes a temporary file that nobody needs. One that stays behind only costs space until the next start, so its failure is a log line. */
export async function discardTemp(temp: TempFile, logger: Logger): Promise<void> {
  try {
    await temp.discard()
  } catch (err) {
    logger.warn({ err }, 'a temporary file could not be removed')
  }
}
