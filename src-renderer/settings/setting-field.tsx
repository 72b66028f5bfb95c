import { useId, useState } from 'react'

/** A typed setting: saved with Enter or on leaving the field, when it is valid; Escape puts the old one back. */
export function SettingField(props: {
  label: string
  hint: string
  value: string
  check: (text: string) => boolean
  onSave: (text: string) => void
}) {
  const { label, hint, value, check, onSave } = props
  const [typed, setTyped] = useState<string>()
  const hintId = useId()
  const invalid = typed !== undefined && !check(typed)
  const take = () => {
    if (typed === undefined || invalid) return
    setTyped(undefined)
    if (typed !== value) onSave(typed)
  }
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="text"
        className="input"
        spellCheck={false}
        autoComplete="off"
        value={typed ?? value}
        aria-invalid={invalid}
        aria-describedby={hintId}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          if (event.key === 'Escape') setTyped(undefined)
        }}
      />
      <span id={hintId} className="field-hint" data-tone={invalid ? 'bad' : undefined}>
        {hint}
      </span>
    </label>
  )
}
