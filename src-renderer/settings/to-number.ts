/** What was typed as a number; nothing at all is not zero. */
export function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}
