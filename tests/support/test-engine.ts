import { onTestFinished } from 'vitest'
import { createEngine, type Engine } from '../../src-main/engine'
import { silentLogger } from '../../src-main/ports/logger'
import { testWorkerFile } from './build-worker'
import { tempDirForTest } from './temp-dir'

/** An engine on a library of its own, unless told which; closed when the test has ended. */
export async function openTestEngine(libraryDir = tempDirForTest()): Promise<Engine> {
  const engine = await createEngine({
    libraryDir,
    mode: 'write',
    parserWorkerFile: testWorkerFile,
    logger: silentLogger,
    env: process.env,
    version: '0.0.0',
  })
  onTestFinished(() => engine.close())
  return engine
}
