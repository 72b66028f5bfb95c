import type { ReactNode } from 'react'

/** A button that shows an icon and says its name to pointers and screen readers. */
export function IconButton(props: {
  label: string
  onClick: () => void
  children: ReactNode
  pressed?: boolean
  disabled?: boolean
  testId?: string
  tone?: 'danger'
}) {
  return (
    <button
      type="button"
      className="icon-button"
      data-tone={props.tone}
      data-testid={props.testId}
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.pressed}
      disabled={props.disabled}
      onClick={(event) => {
        event.stopPropagation()
        props.onClick()
      }}
    >
      {props.children}
    </button>
  )
}
