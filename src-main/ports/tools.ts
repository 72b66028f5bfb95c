/** A program that VSR runs: where it is and what it said when it was asked for its version. */
export interface Tool {
  /** Absolute path. */
  readonly path: string
  readonly version: string
}

export type ToolName = 'ffmpeg' | 'ffprobe' | 'yt-dlp'
