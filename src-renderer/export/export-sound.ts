import { chosenLabel, type TrackMenu } from '../player/track-menus'

/** Name of the sound that an export carries; undefined where there is nothing to choose. */
export function exportSound(menu: TrackMenu, chosen: string | undefined): string | undefined {
  if (menu.options.length < 2) return undefined
  // One that was chosen in another recording may not be here.
  const isHere = menu.options.some(({ label }) => label === chosen)
  return (isHere ? chosen : chosenLabel(menu)) || undefined
}
