import type { TimelineColours } from './draw'

/** Reads the tokens that the canvas paints with, as they are now. */
export function readColours(element: Element): TimelineColours {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    background: token('--panel'),
    lane: token('--lane'),
    line: token('--tick'),
    text: token('--text-soft'),
    footage: token('--footage'),
    gap: token('--gap'),
    selection: token('--selection'),
    playhead: token('--playhead'),
    live: token('--red'),
    arrival: token('--amber'),
    spans: {
      kinds: {
        ad: token('--span-ad'),
        programme: token('--span-programme'),
        other: token('--span-other'),
      },
      text: token('--on-span'),
    },
  }
}

/** Diagonal stripes for what is missing. */
export function makeHatch(ctx: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const tile = document.createElement('canvas')
  tile.width = 8
  tile.height = 8
  const pen = tile.getContext('2d')
  if (pen === null) return null
  pen.strokeStyle = colour
  pen.lineWidth = 2
  pen.beginPath()
  for (const x of [-8, 0, 8]) {
    pen.moveTo(x, 8)
    pen.lineTo(x + 8, 0)
  }
  pen.stroke()
  return ctx.createPattern(tile, 'repeat')
}
