export type ToolName = 'ffmpeg' | 'ffprobe' | 'yt-dlp' | 'chromium' | 'nginx' | 'streamlink'

export declare const tools: Readonly<
  Record<ToolName, { readonly variable: string; readonly names: readonly string[] }>
>

export declare function findTool(options: {
  readonly name: ToolName
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  readonly places?: readonly string[]
}): string | undefined
