import type { ToolName } from './find-tool.mjs'

export type PackageManager = 'apt-get' | 'dnf' | 'pacman' | 'brew' | 'winget'

export declare function packageManager(options: {
  readonly platform: NodeJS.Platform
  readonly hasProgram: (name: string) => boolean
}): PackageManager

export declare function installCommand(options: {
  readonly manager: PackageManager
  readonly missing: readonly ToolName[]
}): string

export declare function aptPrefix(options: {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly osRelease?: string
  readonly uid?: number
}): Promise<readonly string[] | undefined>
