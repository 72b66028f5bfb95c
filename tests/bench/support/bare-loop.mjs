// The least that Node can do to record live streams as durably as VSR: `node bare-loop.mjs <folder> <playlist URL> …`. Plain
// HTTP from a well-behaved server, MPEG-TS taken on trust; no retries, no parser, no limits, nobody to tell. What it costs is the
// floor under every recorder on Node: reading, checksum, writing, and the fsyncs of file, folder and log.
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'

const [folder = '', ...urls] = process.argv.slice(2)
const open = promisify(fs.open)
const write = promisify(fs.write)
const close = promisify(fs.close)
const fsync = promisify(fs.fsync)
const fdatasync = promisify(fs.fdatasync)
const rename = promisify(fs.rename)
const { O_APPEND, O_CREAT, O_DSYNC, O_WRONLY } = fs.constants

const WRITE_BYTES = 512 * 1024
const TARGET_MS = 4000
/** All sockets read into this, one after the other. */
const memory = Buffer.allocUnsafeSlow(256 * 1024)
/** @type {Buffer[]} */
const buffers = []

/** A connection that is used again. */
function connect(port) {
  let left = -1
  let onData = (_piece) => {}
  let onEnd = () => {}
  const take = (bytes) => {
    let body = bytes
    if (left < 0) {
      const text = bytes.latin1Slice()
      left = Number(/content-length: (\d+)/i.exec(text)?.[1])
      body = bytes.subarray(text.indexOf('\r\n\r\n') + 4)
    }
    left -= body.length
    if (body.length > 0) onData(body)
    if (left > 0) return
    left = -1
    onEnd()
  }
  const onread = {
    buffer: () => (left < 0 ? memory.subarray(0, 4096) : memory),
    callback: (bytes) => {
      take(memory.subarray(0, bytes))
      return true
    },
  }
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true, onread })
  return {
    get: (target, receive) =>
      new Promise((resolve) => {
        onData = receive
        onEnd = resolve
        socket.write(`GET ${target} HTTP/1.1\r\nhost: bench\r\n\r\n`)
      }),
  }
}

/** @type {ReturnType<typeof connect>[]} */
const idle = []
async function get({ port, pathname, search }, receive) {
  const connection = idle.pop() ?? connect(port)
  await connection.get(pathname + search, receive)
  idle.push(connection)
}

async function store(url, stream, number) {
  const temp = path.join(folder, `${stream.name}-${number}.part`)
  const file = await open(temp, 'wx')
  let buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(WRITE_BYTES)
  let used = 0
  let checksum = 0
  let written = Promise.resolve()
  const writeOut = async (full, length, before) => {
    await before
    await write(file, full, 0, length, null)
    buffers.push(full)
  }
  await get(url, (piece) => {
    checksum = crc32(piece, checksum)
    for (let at = 0; at < piece.length; ) {
      const taken = piece.copy(buffer, used, at)
      used += taken
      at += taken
      if (used < WRITE_BYTES) continue
      written = writeOut(buffer, used, written)
      buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(WRITE_BYTES)
      used = 0
    }
  })
  await writeOut(buffer, used, written)
  await fdatasync(file)
  await close(file)
  await rename(temp, path.join(stream.dir, `${number}.ts`))
  const dir = await open(stream.dir, 'r')
  await fsync(dir)
  await close(dir)
  await write(stream.log, Buffer.from(`${JSON.stringify({ number, checksum })}\n`))
}

async function record(playlistUrl, name) {
  const dir = path.join(folder, `${name}.ts`)
  fs.mkdirSync(dir)
  const log = await open(path.join(folder, `${name}.log`), O_WRONLY | O_CREAT | O_APPEND | O_DSYNC)
  const stream = { name, dir, log }
  let next = 0
  for (;;) {
    const beganMs = performance.now()
    let text = ''
    await get(playlistUrl, (piece) => {
      text += piece.latin1Slice()
    })
    const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)?.[1])
    const uris = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    const changed = first + uris.length > next
    for (const [at, uri] of uris.entries()) {
      if (first + at < next) continue
      next = first + at + 1
      await store(new URL(uri, playlistUrl), stream, first + at)
    }
    const pauseMs = changed ? TARGET_MS : TARGET_MS / 2
    await delay(Math.max(0, pauseMs - (performance.now() - beganMs)))
  }
}

await Promise.all(urls.map((url, stream) => record(new URL(url), stream)))
