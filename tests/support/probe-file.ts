import { runProcess } from './processes'
import { toolPath } from './tools'

export interface ProbedFile {
  /** ffprobe's format names: `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly format: string
  readonly durationSec: number
  readonly streams: readonly { readonly type: string; readonly codec: string }[]
}

interface FfprobeOutput {
  readonly format: { readonly format_name: string; readonly duration?: string }
  readonly streams: readonly { readonly codec_type: string; readonly codec_name: string }[]
}

/** What the real ffprobe says of a file or URL; throws where it says it is broken. */
export async function probeFile(file: string): Promise<ProbedFile> {
  const { code, stdout, stderr } = await runProcess({
    command: toolPath('ffprobe'),
    args: ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', file],
  })
  if (code !== 0 || stderr !== '') throw new Error(`ffprobe of ${file}: ${stderr}`)
  const { format, streams } = JSON.parse(stdout) as FfprobeOutput
  return {
    format: format.format_name,
    durationSec: Number(format.duration ?? 0),
    streams: streams.map(({ codec_type, codec_name }) => ({ type: codec_type, codec: codec_name })),
  }
}
