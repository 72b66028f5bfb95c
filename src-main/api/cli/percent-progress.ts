import type { Terminal } from './terminal'

/**
 * What the work of a command tells of how far it is: each whole percent once.
 * @param doing for people, such as `archiving`.
 * @param options.forScripts false where `--json` prints the result alone.
 */
export function percentProgress(
  terminal: Pick<Terminal, 'emit' | 'progress'>,
  doing: string,
  { forScripts = true }: { readonly forScripts?: boolean } = {},
): (percent: number) => void {
  let shown = -1
  return (percent) => {
    const whole = Math.floor(percent)
    if (whole === shown) return
    shown = whole
    if (forScripts) terminal.emit({ event: 'progress', percent: whole })
    terminal.progress(`${doing} · ${whole} %`)
  }
}
