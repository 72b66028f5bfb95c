import { texts } from '../ui/texts'

/** The choice of quality: the usual ones, and the present one where it is none of them. */
export function QualitySelect(props: {
  value: string
  /** Another one that has to be in the list. */
  usual?: string
  testId: string
  label?: string
  onChange: (quality: string) => void
}) {
  const { value, usual = value, testId, label, onChange } = props
  const names = new Set([...Object.keys(texts.qualityNames), usual, value])
  return (
    <select
      className="select"
      data-testid={testId}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {[...names].map((name) => (
        <option key={name} value={name}>
          {texts.qualityNames[name] ?? name}
        </option>
      ))}
    </select>
  )
}
