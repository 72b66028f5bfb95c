/** First number in [from, to) for which `test` holds, `to` where none does; `test` must stay true once it is. */
export function firstWhere(from: number, to: number, test: (at: number) => boolean): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
