import type { Activity } from '../../src-preload/contract/activity'

type Wish = Extract<Activity, { type: 'wish' }>

const heightOf = (text: string): number => Number(/^(\d+)p\b/.exec(text)?.[1])

/** Whether a person is to be told at once that a wish is not met: heights of the bar are limits, so that less is what they mean. Pure. */
export function isDisappointed({ about, wanted, instead }: Wish): boolean {
  return about !== 'quality' || !(heightOf(instead) < heightOf(wanted))
}
