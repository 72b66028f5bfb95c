import path from 'node:path'

const MAX_NAME_BYTES = 200
/** Path separators and what Windows refuses. */
const UNSAFE = /[<>:"/\\|?*\p{Zl}\p{Zp}]/gu
/** Control characters, marks that turn the direction of text around, halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i

/**
 * A name for an export that every file system takes (FAULTS F45): `<title> <YYYY-MM-DD HH.MM.SS>.mp4`, in local time.
 * @param startMs unix ms.
 */
export function exportFileName(title: string, startMs: number, extension: string): string {
  const stamp = ` ${localStamp(new Date(startMs))}.${extension}`
  return safeTitle(title, MAX_NAME_BYTES - Buffer.byteLength(stamp)) + stamp
}

/** `name.mp4`, `name (2).mp4`, `name (3).mp4`, … */
export function numberedName(name: string, number: number): string {
  if (number <= 1) return name
  const { name: stem, ext } = path.parse(name)
  return `${stem} (${number})${ext}`
}

function safeTitle(title: string, maxBytes: number): string {
  const cleaned = title
    .normalize('NFC')
    .replace(/[\t\r\n]/g, ' ')
    .replace(INVISIBLE, '')
    .replace(UNSAFE, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .~-]+/, '')
  const cut = cutToBytes(cleaned, maxBytes).replace(/[ .]+$/, '')
  if (cut === '') return 'recording'
  const beforeDot = cut.split('.')[0] ?? ''
  return RESERVED.test(beforeDot.trim()) ? `_${cut}` : cut
}

/** Never inside a character. */
function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    end += character.length
  }
  return text.slice(0, end)
}

function localStamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}.${two(date.getMinutes())}.${two(date.getSeconds())}`
}
