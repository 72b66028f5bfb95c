/** The `event` argument of Electron's preventable events. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

export function preventable<T extends object>(fields: T): T & PreventableEvent {
  let prevented = false
  return Object.defineProperty(
    {
      ...fields,
      preventDefault: () => {
        prevented = true
      },
    },
    'defaultPrevented',
    { get: () => prevented },
    // defineProperty keeps the object it was given but not the getter's type.
  ) as T & PreventableEvent
}
