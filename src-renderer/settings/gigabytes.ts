const GIGABYTE = 1e9

/** Bytes as a person types them: `12.5`, in gigabytes. */
export const gigabytesText = (bytes: number): string => String(bytes / GIGABYTE)

/** Bytes of a number of gigabytes that was typed; undefined for anything else. */
export function parseGigabytes(text: string): number | undefined {
  const typed = text.trim().replace(',', '.')
  if (!/^\d{1,6}(\.\d{1,9})?$/.test(typed)) return undefined
  return Math.round(Number(typed) * GIGABYTE)
}
