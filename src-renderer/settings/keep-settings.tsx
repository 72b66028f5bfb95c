import { type Settings, settingsSchema } from '../../src-preload/contract/model'
import { texts } from '../ui/texts'
import { gigabytesText, parseGigabytes } from './gigabytes'
import { SettingField } from './setting-field'
import { toNumber } from './to-number'

/** What is kept, for how long, and what makes room. */
export function KeepSettings(props: {
  settings: Settings
  save: (patch: Partial<Settings>) => Promise<void>
}) {
  const { settings, save } = props
  const { shape } = settingsSchema
  const words = texts.keeping
  const bytes = (label: string, key: 'maxRecordingBytes' | 'maxLibraryBytes') => (
    <SettingField
      label={label}
      hint={words.gigabytesHint}
      value={gigabytesText(settings[key])}
      check={(text) => parseGigabytes(text) !== undefined}
      onSave={(text) => void save({ [key]: parseGigabytes(text) })}
    />
  )
  return (
    <>
      <h3 className="section-title">{words.title}</h3>
      <SettingField
        label={words.maxAge}
        hint={words.maxAgeHint}
        value={String(settings.maxAgeDays)}
        check={(text) => shape.maxAgeDays.safeParse(toNumber(text)).success}
        onSave={(text) => void save({ maxAgeDays: toNumber(text) })}
      />
      {bytes(words.maxRecording, 'maxRecordingBytes')}
      {bytes(words.maxLibrary, 'maxLibraryBytes')}
      <SettingField
        label={words.headroom}
        hint={words.headroomHint}
        value={settings.headroomBytes === 'auto' ? 'auto' : gigabytesText(settings.headroomBytes)}
        check={(text) => text.trim() === 'auto' || parseGigabytes(text) !== undefined}
        onSave={(text) =>
          void save({
            headroomBytes: text.trim() === 'auto' ? 'auto' : (parseGigabytes(text) ?? 0),
          })
        }
      />
      <label className="field">
        <span>{words.whenShort}</span>
        <select
          className="select"
          data-testid="when-short"
          value={settings.whenShort}
          onChange={(event) => void save({ whenShort: shape.whenShort.parse(event.target.value) })}
        >
          {Object.entries(words.whenShorts).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <SettingField
        label={words.trashDays}
        hint={words.trashDaysHint}
        value={String(settings.trashDays)}
        check={(text) => shape.trashDays.safeParse(toNumber(text)).success}
        onSave={(text) => void save({ trashDays: toNumber(text) })}
      />
    </>
  )
}
