// Draws resources/icons from shapes: `node build/make-icons.mjs`. Pure Node, so that icons need no tools and stay reviewable.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

const folder = path.resolve(import.meta.dirname, '../resources/icons')
/** Samples per pixel and axis: edges are averaged over 16 of them. */
const SAMPLES = 4

const clear = [0, 0, 0, 0]
const dark = [24, 27, 33, 255]
const light = [236, 239, 244, 255]
const red = [229, 57, 53, 255]
const amber = [255, 179, 0, 255]
const grey = [140, 147, 160, 255]

const disc = (x, y, cx, cy, r) => (x - cx) ** 2 + (y - cy) ** 2 <= r ** 2
const ring = (x, y, r, width) => !disc(x, y, 0.5, 0.5, r - width) && disc(x, y, 0.5, 0.5, r)

/** Rounded square of the whole tile. */
function tile(x, y, inset, radius) {
  const dx = Math.max(Math.abs(x - 0.5) - (0.5 - inset - radius), 0)
  const dy = Math.max(Math.abs(y - 0.5) - (0.5 - inset - radius), 0)
  return dx ** 2 + dy ** 2 <= radius ** 2
}

/** Application icon: a record dot inside a ring that is open where time goes on, over a timeline. */
function applicationIcon(x, y) {
  if (!tile(x, y, 0.04, 0.2)) return clear
  if (disc(x, y, 0.5, 0.43, 0.15)) return red
  const inRing = disc(x, y, 0.5, 0.43, 0.27) && !disc(x, y, 0.5, 0.43, 0.225)
  if (inRing) return light
  if (y > 0.78 && y < 0.835 && x > 0.2 && x < 0.8) {
    if (x > 0.56 && x < 0.62) return dark
    return x < 0.56 ? red : grey
  }
  return dark
}

/** Tray icons differ in shape as well as in colour: ring, ring with a dot, ring with an exclamation mark. */
const trayIcon = (status) => (x, y) => {
  const colour = { idle: grey, recording: red, trouble: amber }[status]
  if (ring(x, y, 0.48, 0.11)) return colour
  if (status === 'recording' && disc(x, y, 0.5, 0.5, 0.25)) return colour
  if (status === 'trouble') {
    const bar = Math.abs(x - 0.5) < 0.07 && y > 0.24 && y < 0.56
    if (bar || disc(x, y, 0.5, 0.69, 0.075)) return colour
  }
  return clear
}

/** RGBA rows of the shape, each with PNG's filter byte 0 in front. */
function render(size, shape) {
  const rows = Buffer.alloc(size * (size * 4 + 1))
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const sum = [0, 0, 0, 0]
      for (let sample = 0; sample < SAMPLES ** 2; sample += 1) {
        const x = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size
        const y = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size
        const [r, g, b, a] = shape(x, y)
        sum[0] += r * a
        sum[1] += g * a
        sum[2] += b * a
        sum[3] += a
      }
      const at = row * (size * 4 + 1) + 1 + column * 4
      for (let channel = 0; channel < 3; channel += 1) {
        rows[at + channel] = sum[3] === 0 ? 0 : Math.round(sum[channel] / sum[3])
      }
      rows[at + 3] = Math.round(sum[3] / SAMPLES ** 2)
    }
  }
  return rows
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

function png(size, shape) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(render(size, shape), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

mkdirSync(folder, { recursive: true })
const icons = [['icon.png', 512, applicationIcon]]
for (const status of ['idle', 'recording', 'trouble']) {
  icons.push([`tray-${status}.png`, 16, trayIcon(status)])
  icons.push([`tray-${status}@2x.png`, 32, trayIcon(status)])
}
for (const [name, size, shape] of icons) writeFileSync(path.join(folder, name), png(size, shape))
console.log(`${icons.length} icons written to ${path.relative(process.cwd(), folder)}`)
