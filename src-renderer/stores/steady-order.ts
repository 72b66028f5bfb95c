/** `sorted` with everything that is `shown` left where it is; what is new goes below it. */
export function steadyOrder(
  shown: readonly string[],
  sorted: readonly string[],
): readonly string[] {
  const still = new Set(sorted)
  const before = new Set(shown)
  return [...shown.filter((id) => still.has(id)), ...sorted.filter((id) => !before.has(id))]
}
