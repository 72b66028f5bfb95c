import { activityTexts } from './texts/activity'
import { connectionTexts } from './texts/connection'
import { exportTexts } from './texts/export'
import { generalTexts } from './texts/general'
import { libraryTexts } from './texts/library'
import { playerTexts } from './texts/player'
import { settingsTexts } from './texts/settings'
import { statesTexts } from './texts/states'
import { timelineTexts } from './texts/timeline'

/** Every word that the interface says, by area. English; another language is another object of this shape. */
export const texts = {
  ...generalTexts,
  ...connectionTexts,
  ...statesTexts,
  ...libraryTexts,
  ...playerTexts,
  ...timelineTexts,
  ...exportTexts,
  ...activityTexts,
  ...settingsTexts,
}
