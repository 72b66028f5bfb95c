import type { Page } from 'playwright'
import type { Control, ControlMethod } from './host/control'

export type ControlValue<M extends ControlMethod> = Awaited<ReturnType<Control[M]>>

/** The desktop application while it runs. */
export interface DesktopApp {
  /** Which runtime it runs on. */
  readonly runtime: 'electron-host' | 'electron'
  readonly pid: number
  /** The page of the one window, as playwright holds it; waits until it is there. */
  page(): Promise<Page>
  /** Console errors and uncaught exceptions of the page since `page()` was first called. */
  pageErrors(): readonly string[]
  control<M extends ControlMethod>(
    method: M,
    ...params: Parameters<Control[M]>
  ): Promise<ControlValue<M>>
  /** What it wrote to stdout and stderr so far. */
  output(): string
  /** Resolves with the exit code once the process has ended. */
  exited(): Promise<number | null>
  /** Ends it, politely where it still answers; nothing is left behind. */
  stop(): Promise<void>
}

export interface LaunchOptions {
  readonly userDataDir: string
  readonly args?: readonly string[]
  /** Folder with a package.json that names the main bundle. */
  readonly appPath: string
}
